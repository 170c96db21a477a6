package io.sluice.actors.group;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;

/** Decides who should read what in a consumer group. Stateless. */
interface Assignor {
    /** All there are; the first one is what members without a wish get. */
    List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    /** The name by which clients ask for it. */
    String name();

    /**
     * Assigns each partition of a topic to one of the members that subscribe to it. The same input gives the same result.
     *
     * @param topics number of partitions of each topic that somebody subscribes to
     * @param members all members by a key that stays with them, in order
     * @return what each of the members gets, none left out
     */
    Map<String, Partitions> assign(Map<Uuid, Integer> topics, SortedMap<String, Candidate> members);

    /** The assignor of a name. */
    static Optional<Assignor> named(String name) {
        return ALL.stream().filter(a -> a.name().equals(name)).findFirst();
    }

    /**
     * A member to whom partitions may be given.
     *
     * @param topics ids of the topics that it subscribes to and that exist
     * @param previous what it was to have so far
     */
    record Candidate(Set<Uuid> topics, Partitions previous) {}
}
