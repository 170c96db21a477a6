package io.sluice.clusterconfig.cli;

import io.sluice.clusterconfig.cli.ResetTarget.Kind;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice groups}: consumer groups, how far they are, and changes to that. */
@Command(name = "groups", description = "Lists, describes, resets and deletes consumer groups.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class GroupsCommand extends CommandGroup {

    @Mixin
    private Connection connection;

    /** Where to. */
    static final class To {
        @Option(names = "--to-earliest", required = true, description = "To the first offset that is there.")
        private boolean earliest;

        @Option(names = "--to-latest", required = true, description = "To the end.")
        private boolean latest;

        @Option(names = "--to-offset", paramLabel = "OFFSET", required = true, description = "To this offset.")
        private Long offset;

        @Option(names = "--to-datetime", paramLabel = "TIME", required = true, description = "To the first record of this time or later: 2026-01-31T12:00:00, with Z or +01:00 if not local.")
        private String time;

        @Option(names = "--shift-by", paramLabel = "N", required = true, description = "On by N records, back if N is negative.")
        private Long shift;

        ResetTarget target() {
            if (earliest) {
                return new ResetTarget(Kind.EARLIEST, 0);
            }
            if (latest) {
                return new ResetTarget(Kind.LATEST, 0);
            }
            if (time != null) {
                return new ResetTarget(Kind.TIME, Times.parse(time, ZoneId.systemDefault()));
            }
            return offset != null ? new ResetTarget(Kind.OFFSET, offset) : new ResetTarget(Kind.SHIFT, shift);
        }
    }

    @Command(name = "list", description = {"Lists groups.",
            "type: the protocol by which members share out their work. protocol type: what members are (consumer, connect, ...), - if a group has had none and only keeps offsets."}, mixinStandardHelpOptions = true, sortOptions = false)
    void list() throws InterruptedException {
        Table table = new Table("group", "state", "type", "protocol type");
        Collection<GroupListing> groups = connection.ask(admin -> admin.listGroups().all().get());
        groups.stream().sorted(Comparator.comparing(GroupListing::groupId))
                .forEach(group -> table.row(group.groupId(), group.groupState().map(Object::toString).orElse(null),
                        group.type().map(Object::toString).orElse(null),
                        group.protocol().isEmpty() ? null : group.protocol()));
        output.print(table);
    }

    @Command(name = "describe", description = "Shows members, what they read, committed offsets and lag.", mixinStandardHelpOptions = true, sortOptions = false)
    void describe(@Parameters(paramLabel = "GROUP", description = "Its id.") String group)
            throws InterruptedException {
        GroupView view = connection.ask(admin -> {
            ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            Map<TopicPartition, Long> committed = committed(admin, group);
            if (description.groupState() == GroupState.DEAD && committed.isEmpty()) {
                throw new CommandException(ExitCode.NOT_FOUND,
                        "there is no group " + group + "; see sluice groups list");
            }
            Set<TopicPartition> known = new HashSet<>(committed.keySet());
            description.members().forEach(member -> known.addAll(member.assignment().topicPartitions()));
            Set<TopicPartition> led = Offsets.led(admin, topics(known));
            led.retainAll(known);
            return new GroupView(description, committed,
                    Offsets.answered(Offsets.begin(admin, led, OffsetSpec.latest()), led));
        });
        output.write(output.isJson() ? view.toJson() : view.toText());
    }

    @Command(name = "reset", description = "Sets the committed offsets of a group without members. Shows what it would do unless --execute is given.", mixinStandardHelpOptions = true, sortOptions = false)
    void reset(@Parameters(paramLabel = "GROUP", description = "Its id.") String group,
            @ArgGroup(multiplicity = "1") To to,
            @Option(names = "--topic", paramLabel = "TOPIC[:PARTITIONS]", description = "Only this topic, or partitions of it (orders:0,2); repeat for more. None: all that the group has offsets of.") List<String> topics,
            @Option(names = "--execute", description = "Do it.") boolean execute) throws InterruptedException {
        ResetTarget target = to.target();
        List<TopicScope> scopes = scopes(topics);
        boolean[] isNew = {false};
        ResetPlan plan = connection.ask(admin -> {
            Map<TopicPartition, Long> committed = committed(admin, group);
            isNew[0] = committed.isEmpty() && !exists(admin, group);
            List<TopicPartition> partitions = partitions(admin, group, committed, scopes);
            Map<TopicPartition, Long> found = target.kind() == Kind.TIME
                    ? Offsets.ask(admin, partitions, OffsetSpec.forTimestamp(target.value()))
                    : Map.of();
            ResetPlan made = ResetPlan.of(target, partitions, committed,
                    Offsets.ask(admin, partitions, OffsetSpec.earliest()),
                    Offsets.ask(admin, partitions, OffsetSpec.latest()), found);
            if (execute) {
                admin.alterConsumerGroupOffsets(group, made.offsets()).all().get();
            }
            return made;
        });
        output.print(plan.toTable(), plan.toTable().toText() + ResetPlan.outcome(group, isNew[0], execute));
    }

    @Command(name = "delete", description = "Deletes groups without members, and their offsets.", mixinStandardHelpOptions = true, sortOptions = false)
    void delete(@Parameters(paramLabel = "GROUP", arity = "1..*", description = "Ids.") List<String> groups)
            throws InterruptedException {
        connection.ask(admin -> admin.deleteConsumerGroups(groups).all().get());
        Table deleted = new Table("group");
        groups.forEach(deleted::row);
        output.print(deleted, "deleted " + String.join(", ", groups));
    }

    @Command(name = "delete-offsets", description = "Deletes committed offsets of a group that does not read these topics now.", mixinStandardHelpOptions = true, sortOptions = false)
    void deleteOffsets(@Parameters(paramLabel = "GROUP", description = "Its id.") String group,
            @Option(names = "--topic", paramLabel = "TOPIC[:PARTITIONS]", required = true, description = "Topic, or partitions of it (orders:0,2); repeat for more.") List<String> topics)
            throws InterruptedException {
        List<TopicScope> scopes = scopes(topics);
        Table deleted = new Table("topic", "partition");
        int count = connection.ask(admin -> {
            List<TopicPartition> partitions = TopicScope.select(committed(admin, group).keySet(), scopes,
                    "offset of group " + group);
            admin.deleteConsumerGroupOffsets(group, Set.copyOf(partitions)).all().get();
            partitions.forEach(partition -> deleted.row(partition.topic(), partition.partition()));
            return partitions.size();
        });
        output.print(deleted, "deleted " + count + " offset(s) of group " + group);
    }

    private static List<TopicScope> scopes(List<String> topics) {
        return topics == null ? List.of() : topics.stream().map(TopicScope::parse).toList();
    }

    private static List<TopicPartition> partitions(Admin admin, String group, Map<TopicPartition, Long> committed,
            List<TopicScope> scopes) throws ExecutionException, InterruptedException {
        if (committed.isEmpty() && scopes.isEmpty()) {
            throw new CommandException(ExitCode.NOT_FOUND,
                    "group " + group + " has no committed offsets; name what to set with --topic");
        }
        Set<String> topics = scopes.isEmpty()
                ? topics(committed.keySet())
                : scopes.stream().map(TopicScope::topic).collect(Collectors.toSet());
        Set<TopicPartition> led = Offsets.led(admin, topics);
        if (scopes.isEmpty()) {
            led.retainAll(committed.keySet());
        }
        return TopicScope.select(led, scopes, "partition with a leader");
    }

    private static boolean exists(Admin admin, String group) throws ExecutionException, InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState() != GroupState.DEAD;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private static Map<TopicPartition, Long> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    private static Set<String> topics(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }
}
