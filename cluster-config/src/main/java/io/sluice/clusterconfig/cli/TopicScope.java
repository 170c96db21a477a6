package io.sluice.clusterconfig.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic, or some of its partitions, as the command line names them: {@code orders} or {@code orders:0,2}.
 *
 * @param partitions empty for all of the topic's
 */
record TopicScope(String topic, Set<Integer> partitions) {

    /** @throws CommandException USAGE for a text that is none */
    static TopicScope parse(String text) {
        int colon = text.indexOf(':');
        String topic = colon < 0 ? text : text.substring(0, colon);
        Set<Integer> partitions = new TreeSet<>();
        try {
            if (colon >= 0) {
                Arrays.stream(text.substring(colon + 1).split(",", -1)).map(Integer::parseUnsignedInt)
                        .forEach(partitions::add);
            }
        } catch (NumberFormatException e) {
            throw wrong(text, e);
        }
        if (topic.isEmpty()) {
            throw wrong(text, null);
        }
        return new TopicScope(topic, partitions);
    }

    private static CommandException wrong(String text, Exception cause) {
        return new CommandException(ExitCode.USAGE, "--topic " + text + ": write TOPIC or TOPIC:PARTITION,PARTITION",
                cause);
    }

    /** Whether a partition belongs to it. */
    boolean contains(TopicPartition partition) {
        return topic.equals(partition.topic()) && (partitions.isEmpty() || partitions.contains(partition.partition()));
    }

    /**
     * The partitions that the scopes mean, in order; all if there are no scopes.
     *
     * @param what what the partitions are, for the message
     * @throws CommandException NOT_FOUND if a scope names a partition that is not there
     */
    static List<TopicPartition> select(Collection<TopicPartition> partitions, List<TopicScope> scopes, String what) {
        for (TopicScope scope : scopes) {
            List<Integer> there = partitions.stream().filter(scope::contains).map(TopicPartition::partition).toList();
            if (there.isEmpty() || !there.containsAll(scope.partitions())) {
                throw new CommandException(ExitCode.NOT_FOUND, "there is no " + what + " of " + scope);
            }
        }
        return partitions.stream()
                .filter(partition -> scopes.isEmpty() || scopes.stream().anyMatch(scope -> scope.contains(partition)))
                .sorted(Offsets.IN_ORDER).toList();
    }

    @Override
    public String toString() {
        return partitions.isEmpty()
                ? "topic " + topic
                : "topic " + topic + ", partition(s) " + String.join(",", partitions.stream().map(String::valueOf)
                        .toList());
    }
}
