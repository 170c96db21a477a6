package io.sluice.actors.group;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * Gives each member a run of neighbouring partitions of each topic, in the members' order: members with the same subscriptions get the same numbers
 * of topics with the same number of partitions, so that these can be joined.
 */
final class RangeAssignor implements Assignor {

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, Partitions> assign(Map<Uuid, Integer> topics, SortedMap<String, Candidate> members) {
        Map<String, Map<Uuid, List<Integer>>> given = new HashMap<>();
        topics.forEach((topic, partitions) -> {
            List<String> readers = members.entrySet().stream().filter(m -> m.getValue().topics().contains(topic))
                    .map(Map.Entry::getKey).toList();
            for (int i = 0; i < readers.size(); i++) {
                given.computeIfAbsent(readers.get(i), m -> new HashMap<>()).put(topic,
                        IntStream.range(start(i, partitions, readers.size()), start(i + 1, partitions, readers.size()))
                                .boxed().toList());
            }
        });
        Map<String, Partitions> result = new HashMap<>();
        members.keySet().forEach(m -> result.put(m, Partitions.of(given.getOrDefault(m, Map.of()))));
        return result;
    }

    /** The first partition of the i-th reader; the first readers get one more where it does not come out even. */
    private static int start(int i, int partitions, int readers) {
        return i * (partitions / readers) + Math.min(i, partitions % readers);
    }
}
