package io.sluice.clusterconfig.cli;

import io.sluice.clusterconfig.cli.ResetTarget.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What resetting a group's offsets changes, before it is done. */
record ResetPlan(List<Change> changes) {

    /**
     * One partition's change.
     *
     * @param from the committed offset, null if there is none
     * @param to the offset to commit
     */
    record Change(TopicPartition partition, Long from, long to) {}

    /**
     * Plans. No offset leaves what the partition holds: one before its start becomes its start, one behind its end its end.
     *
     * @param partitions which to reset, in this order
     * @param committed the group's offsets; a partition may lack one
     * @param starts first offset of each partition
     * @param ends end of each partition
     * @param found for a time: the first offset at or after it, -1 for none; empty otherwise
     * @throws CommandException USAGE if an offset shall be shifted that there is not
     */
    static ResetPlan of(ResetTarget target, List<TopicPartition> partitions, Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> found) {
        if (target.kind() == Kind.SHIFT) {
            requireCommitted(partitions, committed);
        }
        List<Change> changes = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Long from = committed.get(partition);
            long start = starts.get(partition);
            long end = ends.get(partition);
            long to = switch (target.kind()) {
                case EARLIEST -> start;
                case LATEST -> end;
                case OFFSET -> target.value();
                case TIME -> found.get(partition) < 0 ? end : found.get(partition);
                case SHIFT -> from + target.value();
            };
            changes.add(new Change(partition, from, Math.clamp(to, start, end)));
        }
        return new ResetPlan(changes);
    }

    private static void requireCommitted(List<TopicPartition> partitions, Map<TopicPartition, Long> committed) {
        String lacking = partitions.stream().filter(partition -> !committed.containsKey(partition))
                .map(TopicPartition::toString).collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--shift-by: the group has no committed offset of " + lacking
                    + "; choose others with --topic, or --to-earliest or --to-latest");
        }
    }

    /**
     * What has come of a reset, in words.
     *
     * @param isNew whether the group does not exist before it
     * @param executed whether the offsets are committed
     */
    static String outcome(String group, boolean isNew, boolean executed) {
        if (executed) {
            return isNew ? "committed; group " + group + " did not exist and is made" : "committed";
        }
        return (isNew ? "group " + group + " does not exist and would be made; " : "")
                + "nothing is changed yet; add --execute to commit these offsets";
    }

    /** What to commit. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        changes.forEach(change -> offsets.put(change.partition(), new OffsetAndMetadata(change.to())));
        return offsets;
    }

    /** For people and programs. */
    Table toTable() {
        Table table = new Table("topic", "partition", "committed", "new offset");
        changes.forEach(change -> table.row(change.partition().topic(), change.partition().partition(), change.from(),
                change.to()));
        return table;
    }
}
