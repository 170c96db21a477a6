package io.sluice.actors.group;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/** A set of partitions, by the ids of their topics. Immutable. */
final class Partitions {
    static final Partitions NONE = new Partitions(Map.of());

    /** No topic without a partition, so that equal sets are equal maps. */
    private final Map<Uuid, SortedSet<Integer>> byTopic;

    private Partitions(Map<Uuid, SortedSet<Integer>> byTopic) {
        this.byTopic = byTopic;
    }

    /** Which of the partitions to keep. */
    @FunctionalInterface
    interface Filter {
        boolean test(Uuid topic, int partition);
    }

    /** What is done with each partition. */
    @FunctionalInterface
    interface Visitor {
        void visit(Uuid topic, int partition);
    }

    static Partitions of(Map<Uuid, ? extends Collection<Integer>> byTopic) {
        Map<Uuid, SortedSet<Integer>> copy = new HashMap<>();
        byTopic.forEach((topic, partitions) -> {
            if (!partitions.isEmpty()) {
                copy.computeIfAbsent(topic, t -> new TreeSet<>()).addAll(partitions);
            }
        });
        return copy.isEmpty() ? NONE : new Partitions(copy);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Partitions restored(Map<String, List<Integer>> stored) {
        Map<Uuid, List<Integer>> byTopic = new HashMap<>();
        stored.forEach((topic, partitions) -> byTopic.put(Uuid.fromString(topic), partitions));
        return of(byTopic);
    }

    /** As it is stored: ids as text. */
    @JsonValue
    Map<String, List<Integer>> stored() {
        Map<String, List<Integer>> stored = new TreeMap<>();
        byTopic.forEach((topic, partitions) -> stored.put(topic.toString(), List.copyOf(partitions)));
        return stored;
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    int size() {
        return byTopic.values().stream().mapToInt(Set::size).sum();
    }

    Set<Uuid> topics() {
        return byTopic.keySet();
    }

    /** The partitions of a topic, in order. */
    List<Integer> of(Uuid topic) {
        return List.copyOf(byTopic.getOrDefault(topic, new TreeSet<>()));
    }

    boolean contains(Uuid topic, int partition) {
        SortedSet<Integer> partitions = byTopic.get(topic);
        return partitions != null && partitions.contains(partition);
    }

    boolean containsAll(Partitions others) {
        return others.byTopic.entrySet().stream()
                .allMatch(e -> byTopic.getOrDefault(e.getKey(), new TreeSet<>()).containsAll(e.getValue()));
    }

    boolean containsAnyOf(Partitions others) {
        return !where(others::contains).isEmpty();
    }

    Partitions where(Filter filter) {
        Map<Uuid, SortedSet<Integer>> kept = new HashMap<>();
        forEach((topic, partition) -> {
            if (filter.test(topic, partition)) {
                kept.computeIfAbsent(topic, t -> new TreeSet<>()).add(partition);
            }
        });
        return kept.isEmpty() ? NONE : new Partitions(kept);
    }

    Partitions minus(Partitions others) {
        return others.isEmpty() ? this : where((topic, partition) -> !others.contains(topic, partition));
    }

    Partitions and(Partitions others) {
        return where(others::contains);
    }

    Partitions plus(Partitions others) {
        if (others.isEmpty()) {
            return this;
        }
        Map<Uuid, SortedSet<Integer>> all = new LinkedHashMap<>();
        byTopic.forEach((topic, partitions) -> all.put(topic, new TreeSet<>(partitions)));
        others.byTopic.forEach((topic, more) -> all.computeIfAbsent(topic, t -> new TreeSet<>()).addAll(more));
        return new Partitions(all);
    }

    void forEach(Visitor visitor) {
        byTopic.forEach((topic, partitions) -> partitions.forEach(p -> visitor.visit(topic, p)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Partitions p && byTopic.equals(p.byTopic);
    }

    @Override
    public int hashCode() {
        return byTopic.hashCode();
    }

    @Override
    public String toString() {
        return stored().toString();
    }
}
