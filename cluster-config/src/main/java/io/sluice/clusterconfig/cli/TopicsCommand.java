package io.sluice.clusterconfig.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice topics}: what topics there are, and changes to them. */
@Command(name = "topics", description = "Lists, describes, creates, changes and deletes topics.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class TopicsCommand extends CommandGroup {

    @Mixin
    private Connection connection;

    @Command(name = "list", description = "Lists topics.", mixinStandardHelpOptions = true, sortOptions = false)
    void list(@Option(names = "--internal", description = "Internal topics too.") boolean internal)
            throws InterruptedException {
        Table table = new Table("topic", "partitions", "replicas", "leaderless", "under replicated");
        connection.ask(admin -> {
            Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(internal)).names().get();
            return describe(admin, names);
        }).forEach(topic -> table.row(topic.name(), topic.partitions().size(),
                topic.partitions().stream().mapToInt(partition -> partition.replicas().size()).max().orElse(0),
                topic.partitions().stream().filter(partition -> !Offsets.isLed(partition)).count(),
                topic.partitions().stream()
                        .filter(partition -> partition.isr().size() < partition.replicas().size()).count()));
        output.print(table);
    }

    @Command(name = "describe", description = "Shows the partitions of topics: leader, replicas, those in sync, first offset and end.", mixinStandardHelpOptions = true, sortOptions = false)
    void describe(@Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names.") List<String> topics)
            throws InterruptedException {
        Table table = new Table("topic", "partition", "leader", "replicas", "isr", "start offset", "end offset");
        String silent = connection.ask(admin -> {
            List<TopicDescription> found = describe(admin, new TreeSet<>(topics));
            Set<TopicPartition> led = new HashSet<>();
            found.forEach(topic -> led.addAll(Offsets.led(topic)));
            ListOffsetsResult first = Offsets.begin(admin, led, OffsetSpec.earliest());
            ListOffsetsResult last = Offsets.begin(admin, led, OffsetSpec.latest());
            Map<TopicPartition, Long> starts = Offsets.answered(first, led);
            Map<TopicPartition, Long> ends = Offsets.answered(last, led);
            for (TopicDescription topic : found) {
                for (TopicPartitionInfo partition : topic.partitions()) {
                    TopicPartition id = new TopicPartition(topic.name(), partition.partition());
                    table.row(topic.name(), partition.partition(),
                            Offsets.isLed(partition) ? partition.leader().id() : null,
                            ids(partition.replicas()), ids(partition.isr()), starts.get(id), ends.get(id));
                }
            }
            return Offsets.silent(led, ends.keySet());
        });
        if (silent.isEmpty()) {
            output.print(table);
        } else {
            output.print(table, table.toText() + silent);
        }
    }

    @Command(name = "create", description = "Creates topics.", mixinStandardHelpOptions = true, sortOptions = false)
    void create(@Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names.") List<String> topics,
            @Option(names = "--partitions", paramLabel = "N", description = "Number of partitions; default as the cluster is set.") Integer partitions,
            @Option(names = "--replication-factor", paramLabel = "N", description = "Number of replicas of each; default as the cluster is set.") Short replicas,
            @Option(names = "--config", paramLabel = "KEY=VALUE", description = "A setting of the topic, such as retention.ms=60000; repeat for more.") List<String> configs,
            @Option(names = "--if-not-exists", description = "A topic that is there already is no error.") boolean lenient)
            throws InterruptedException {
        Map<String, String> settings = Assignments.parse("--config", configs == null ? List.of() : configs);
        Table created = new Table("topic", "partitions", "replicas");
        List<String> told = new ArrayList<>();
        connection.ask(admin -> {
            CreateTopicsResult result = admin.createTopics(topics.stream().map(name -> new NewTopic(name,
                    Optional.ofNullable(partitions), Optional.ofNullable(replicas)).configs(settings)).toList());
            for (String topic : topics) {
                try {
                    created.row(topic, result.numPartitions(topic).get(), result.replicationFactor(topic).get());
                    told.add("created " + topic + ": " + result.numPartitions(topic).get() + " partition(s), "
                            + result.replicationFactor(topic).get() + " replica(s)");
                } catch (ExecutionException e) {
                    if (!lenient || !(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                    told.add(topic + " exists already");
                }
            }
            return created;
        });
        output.print(created, String.join("\n", told));
    }

    @Command(name = "alter", description = "Gives a topic more partitions. For its settings see sluice configs.", mixinStandardHelpOptions = true, sortOptions = false)
    void alter(@Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
            @Option(names = "--partitions", paramLabel = "N", required = true, description = "Number of partitions that it shall have, more than now.") int partitions)
            throws InterruptedException {
        connection.ask(admin -> TopicAnswers
                .all(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).values()));
        output.print(new Table("topic", "partitions").row(topic, partitions),
                topic + " has " + partitions + " partition(s)");
    }

    @Command(name = "delete", description = "Deletes topics and all their records.", mixinStandardHelpOptions = true, sortOptions = false)
    void delete(@Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names.") List<String> topics)
            throws InterruptedException {
        connection.ask(admin -> TopicAnswers.all(admin.deleteTopics(topics).topicNameValues()));
        Table deleted = new Table("topic");
        topics.forEach(deleted::row);
        output.print(deleted, "deleted " + String.join(", ", topics));
    }

    private static List<TopicDescription> describe(Admin admin, Collection<String> names)
            throws ExecutionException, InterruptedException {
        return TopicAnswers.all(admin.describeTopics(names).topicNameValues());
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
