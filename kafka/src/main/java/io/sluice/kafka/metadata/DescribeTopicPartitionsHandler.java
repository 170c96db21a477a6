package io.sluice.kafka.metadata;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTopicPartitions (KIP-966): topics in pages, see {@link TopicPartitionsPage}. */
final class DescribeTopicPartitionsHandler implements ApiHandler {

    private final Controller controller;
    private final Partitions partitions;

    DescribeTopicPartitionsHandler(Controller controller, Partitions partitions) {
        this.controller = controller;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DescribeTopicPartitionsRequestData) message;
        try {
            return CompletableFuture.completedFuture(
                    TopicPartitionsPage.of(new MetadataView(controller.image(), partitions), request));
        } catch (InvalidRequestException e) {
            // the answer has no error but those of its topics
            var response = new DescribeTopicPartitionsResponseData();
            request.topics().forEach(topic -> response.topics().add(new DescribeTopicPartitionsResponseTopic()
                    .setName(topic.name()).setErrorCode(Errors.INVALID_REQUEST.code())));
            return CompletableFuture.completedFuture(response);
        }
    }
}
