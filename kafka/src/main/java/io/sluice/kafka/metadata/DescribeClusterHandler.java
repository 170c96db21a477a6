package io.sluice.kafka.metadata;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster (KIP-700): the nodes, those that are not alive only when asked for (KIP-1073). There are no controller endpoints (KIP-919). */
final class DescribeClusterHandler implements ApiHandler {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final Controller controller;
    private final Partitions partitions;

    DescribeClusterHandler(Controller controller, Partitions partitions) {
        this.controller = controller;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<DescribeClusterResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DescribeClusterRequestData) message;
        return CompletableFuture.completedFuture(switch (request.endpointType()) {
            case BROKERS -> describe(request);
            case CONTROLLERS -> refuse(Errors.MISMATCHED_ENDPOINT_TYPE,
                    "this is an endpoint of type BROKER, and there are none of type CONTROLLER; ask for brokers");
            default -> refuse(Errors.UNSUPPORTED_ENDPOINT_TYPE,
                    "unsupported endpoint type " + request.endpointType() + "; ask for brokers (1)");
        });
    }

    private DescribeClusterResponseData describe(DescribeClusterRequestData request) {
        var view = new MetadataView(controller.image(), partitions);
        var response = new DescribeClusterResponseData().setClusterId(view.image().clusterId())
                .setControllerId(view.controllerId());
        Stream<NodeImage> nodes = request.includeFencedBrokers() ? view.nodes() : view.aliveNodes();
        nodes.forEach(node -> response.brokers().add(new DescribeClusterBroker().setBrokerId(node.id())
                .setHost(node.host()).setPort(node.port()).setRack(node.rack()).setIsFenced(!node.alive())));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return response;
    }

    private static DescribeClusterResponseData refuse(Errors error, String why) {
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(why);
    }
}
