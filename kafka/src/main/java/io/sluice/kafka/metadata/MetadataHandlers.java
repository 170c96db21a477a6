package io.sluice.kafka.metadata;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import java.util.List;

/** Makes the handlers of this package. */
public final class MetadataHandlers {

    private MetadataHandlers() {
    }

    /**
     * The handlers of Metadata, DescribeCluster and DescribeTopicPartitions.
     *
     * @param autoCreateTopics whether topics that clients ask for are created ({@code auto.create.topics.enable})
     */
    public static List<ApiHandler> all(Controller controller, Partitions partitions, boolean autoCreateTopics) {
        return List.of(new MetadataHandler(controller, partitions, autoCreateTopics),
                new DescribeClusterHandler(controller, partitions),
                new DescribeTopicPartitionsHandler(controller, partitions));
    }
}
