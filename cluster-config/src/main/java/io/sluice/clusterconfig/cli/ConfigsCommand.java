package io.sluice.clusterconfig.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice configs}: the settings of topics and nodes, and the cluster's defaults for nodes. */
@Command(name = "configs", description = "Shows and changes the settings of topics, nodes and the cluster.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class ConfigsCommand extends CommandGroup {

    @Mixin
    private Connection connection;

    /** Whose settings. */
    static final class Target {
        @Option(names = "--topic", paramLabel = "TOPIC", required = true, description = "Of this topic.")
        private String topic;

        @Option(names = "--node", paramLabel = "ID", required = true, description = "Of this node.")
        private Integer node;

        @Option(names = "--cluster", required = true, description = "Of all nodes that have none of their own.")
        private boolean cluster;

        ConfigResource resource() {
            return topic != null
                    ? new ConfigResource(ConfigResource.Type.TOPIC, topic)
                    : new ConfigResource(ConfigResource.Type.BROKER, cluster ? "" : String.valueOf(node));
        }

        /**
         * Looks whether there is such a topic or node: a client waits in vain for the address of a node that is none, and the error for a topic does not
         * name it.
         */
        void requireIn(Admin admin) throws ExecutionException, InterruptedException {
            if (node != null) {
                KnownNode.require(admin.describeCluster().nodes().get().stream().map(Node::id).toList(), node);
            } else if (topic != null) {
                TopicAnswers.all(admin.describeTopics(List.of(topic)).topicNameValues());
            }
        }

        @Override
        public String toString() {
            return topic != null ? "topic " + topic : cluster ? "the cluster" : "node " + node;
        }
    }

    @Command(name = "show", description = "Shows the settings that are not defaults, and where they come from.", mixinStandardHelpOptions = true, sortOptions = false)
    void show(@ArgGroup(multiplicity = "1") Target target,
            @Option(names = "--all", description = "Defaults too.") boolean all) throws InterruptedException {
        ConfigResource resource = target.resource();
        Collection<ConfigEntry> entries = connection.ask(admin -> {
            target.requireIn(admin);
            return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries();
        });
        Table table = new Table("setting", "value", "source", "read only");
        entries.stream().filter(entry -> all || isOwn(entry)).sorted(Comparator.comparing(ConfigEntry::name))
                .forEach(entry -> table.row(entry.name(), entry.isSensitive() ? "(hidden)" : entry.value(),
                        source(entry.source()), entry.isReadOnly()));
        output.print(table);
    }

    @Command(name = "set", description = "Sets settings; they act at once.", mixinStandardHelpOptions = true, sortOptions = false)
    void set(@ArgGroup(multiplicity = "1") Target target,
            @Parameters(paramLabel = "KEY=VALUE", arity = "1..*", description = "Settings.") List<String> settings)
            throws InterruptedException {
        Map<String, String> values = Assignments.parse("setting", settings);
        List<AlterConfigOp> changes = new ArrayList<>();
        values.forEach((key, value) -> changes.add(new AlterConfigOp(new ConfigEntry(key, value), OpType.SET)));
        alter(target, changes);
        Table table = new Table("setting", "value");
        values.forEach(table::row);
        output.print(table, "set on " + target + ": " + String.join(", ", settings));
    }

    @Command(name = "unset", description = "Takes settings away, so that the defaults are in force again.", mixinStandardHelpOptions = true, sortOptions = false)
    void unset(@ArgGroup(multiplicity = "1") Target target,
            @Parameters(paramLabel = "KEY", arity = "1..*", description = "Settings.") List<String> keys)
            throws InterruptedException {
        alter(target, keys.stream().map(key -> new AlterConfigOp(new ConfigEntry(key, null), OpType.DELETE)).toList());
        Table table = new Table("setting");
        keys.forEach(table::row);
        output.print(table, "unset on " + target + ": " + String.join(", ", keys));
    }

    private void alter(Target target, List<AlterConfigOp> changes) throws InterruptedException {
        connection.ask(admin -> {
            target.requireIn(admin);
            return admin.incrementalAlterConfigs(Map.of(target.resource(), changes)).all().get();
        });
    }

    /** Whether somebody chose it, for this topic or node or for the cluster. */
    private static boolean isOwn(ConfigEntry entry) {
        return entry.source() != ConfigSource.DEFAULT_CONFIG && entry.source() != ConfigSource.UNKNOWN;
    }

    private static String source(ConfigSource source) {
        return switch (source) {
            case DYNAMIC_TOPIC_CONFIG -> "topic";
            case DYNAMIC_BROKER_CONFIG -> "node";
            case DYNAMIC_DEFAULT_BROKER_CONFIG -> "cluster";
            case STATIC_BROKER_CONFIG -> "node's start";
            case DEFAULT_CONFIG -> "default";
            default -> "other";
        };
    }
}
