package io.sluice.kafka.admin;

import io.sluice.actors.config.NodeSettings;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.metadata.MetadataHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes the handlers of metadata and administration. */
public final class AdminHandlers {

    private AdminHandlers() {
    }

    /**
     * One handler for each API; they hold nothing that needs closing.
     *
     * @param controller what this node knows, and where changes go
     * @param partitions the partitions of this node
     * @param statics what this node was started with
     * @param dataDirectory where this node keeps its logs
     */
    public static List<ApiHandler> all(Controller controller, Partitions partitions, StaticConfigs statics,
            Path dataDirectory) {
        NodeSettings settings = statics.settings();
        var alteration = new ConfigAlteration(controller, statics);
        return Stream.concat(
                MetadataHandlers.all(controller, partitions, settings.autoCreateTopics()).stream(),
                Stream.of(new CreateTopicsHandler(controller, statics),
                        new DeleteTopicsHandler(controller, settings.deleteTopics()),
                        new CreatePartitionsHandler(controller), new DeleteRecordsHandler(controller, partitions),
                        new DescribeConfigsHandler(controller, statics), new AlterConfigsHandler(alteration),
                        new IncrementalAlterConfigsHandler(alteration),
                        new DescribeLogDirsHandler(controller, partitions, dataDirectory),
                        new ListConfigResourcesHandler(controller), new DescribeAclsHandler(),
                        new AlterPartitionReassignmentsHandler(controller),
                        new ListPartitionReassignmentsHandler(controller), new ElectLeadersHandler(controller),
                        new DescribeQuorumHandler(controller), new UnregisterBrokerHandler(controller)))
                .toList();
    }
}
