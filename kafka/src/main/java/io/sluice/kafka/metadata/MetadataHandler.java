package io.sluice.kafka.metadata;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Metadata: the nodes, and the leaders of the topics asked for by name or (from version 12, KIP-516) by id. A topic that is not there may be created
 * on the way; it is still answered as unknown, and the client asks again.
 */
final class MetadataHandler implements ApiHandler {

    /** From this version on topics can be asked for by id; versions 10 and 11 have the field, but no broker serves it. */
    private static final short FIRST_VERSION_BY_ID = 12;

    private final Controller controller;
    private final Partitions partitions;
    private final boolean autoCreateTopics;
    private final TopicAutoCreation autoCreation;

    MetadataHandler(Controller controller, Partitions partitions, boolean autoCreateTopics) {
        this.controller = controller;
        this.partitions = partitions;
        this.autoCreateTopics = autoCreateTopics;
        this.autoCreation = new TopicAutoCreation(controller);
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<MetadataResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (MetadataRequestData) message;
        var view = new MetadataView(controller.image(), partitions);
        var response = new MetadataResponseData().setClusterId(view.image().clusterId())
                .setControllerId(view.controllerId());
        view.aliveNodes().forEach(node -> response.brokers().add(new MetadataResponseBroker().setNodeId(node.id())
                .setHost(node.host()).setPort(node.port()).setRack(node.rack())));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        new Topics(view, request, context.apiVersion(), response).answer();
        return CompletableFuture.completedFuture(response);
    }

    /** The topics of one request. */
    private final class Topics {
        private final MetadataView view;
        private final MetadataRequestData request;
        private final short version;
        private final MetadataResponseData response;
        private final Set<Uuid> answered = new HashSet<>();
        private final Set<String> missing = new LinkedHashSet<>();

        Topics(MetadataView view, MetadataRequestData request, short version, MetadataResponseData response) {
            this.view = view;
            this.request = request;
            this.version = version;
            this.response = response;
        }

        void answer() {
            List<MetadataRequestTopic> topics = request.topics();
            // a null list is the way to ask for all since version 1; version 0 had only the empty one
            if (topics == null || (version == 0 && topics.isEmpty())) {
                view.image().topics().forEach(this::add);
                return;
            }
            new LinkedHashSet<>(topics).forEach(this::answer);
            if (autoCreateTopics && request.allowAutoTopicCreation() && !missing.isEmpty()) {
                autoCreation.start(missing);
            }
        }

        private void answer(MetadataRequestTopic asked) {
            boolean byId = !asked.topicId().equals(Uuid.ZERO_UUID);
            if (byId ? version < FIRST_VERSION_BY_ID : asked.name() == null) {
                refuse(asked.name() == null ? "" : asked.name(), asked.topicId(), Errors.INVALID_REQUEST);
            } else if (byId) {
                view.image().topic(asked.topicId()).ifPresentOrElse(this::add,
                        () -> refuse(null, asked.topicId(), Errors.UNKNOWN_TOPIC_ID));
            } else {
                Optional<TopicImage> topic = view.image().topic(asked.name());
                topic.ifPresentOrElse(this::add, () -> refuseName(asked.name()));
            }
        }

        private void refuseName(String name) {
            try {
                Topic.validate(name);
            } catch (InvalidTopicException e) {
                refuse(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION);
                return;
            }
            missing.add(name);
            refuse(name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }

        private void refuse(String name, Uuid id, Errors error) {
            response.topics()
                    .add(new MetadataResponseTopic().setErrorCode(error.code()).setName(name).setTopicId(id)
                            .setIsInternal(name != null && Topic.isInternal(name)));
        }

        private void add(TopicImage topic) {
            if (!answered.add(topic.id())) {
                return;
            }
            var answer = new MetadataResponseTopic().setName(topic.name()).setTopicId(topic.id())
                    .setIsInternal(Topic.isInternal(topic.name()))
                    .setTopicAuthorizedOperations(request.includeTopicAuthorizedOperations()
                            ? AuthorizedOperations.TOPIC
                            : AuthorizedOperations.NOT_ASKED);
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionState state = view.partition(topic, i);
                answer.partitions()
                        .add(new MetadataResponsePartition().setErrorCode(state.error().code())
                                .setPartitionIndex(state.index()).setLeaderId(state.leaderId())
                                .setLeaderEpoch(state.leaderEpoch()).setReplicaNodes(state.replicas())
                                .setIsrNodes(state.inSyncReplicas()).setOfflineReplicas(state.offlineReplicas()));
            }
            response.topics().add(answer);
        }
    }
}
