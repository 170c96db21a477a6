package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Who should have what in a consumer group.
 *
 * @param assignor name of the assignor that decided
 * @param topics the topics that were there to assign, with their numbers of partitions
 * @param byMember each member's partitions
 */
record TargetAssignment(String assignor, Map<Uuid, Integer> topics, Map<String, Partitions> byMember) {

    /** The best target for a group's members and the topics of an image; keeps of the old one what it can. */
    static TargetAssignment compute(ConsumerGroupState group, ClusterImage image) {
        SubscribedTopics subscribed = new SubscribedTopics(image);
        Map<Uuid, Integer> topics = subscribed.sizes(group.members());
        SortedMap<String, Assignor.Candidate> candidates = new TreeMap<>();
        group.members().forEach(m -> candidates.put(place(m),
                new Assignor.Candidate(subscribed.of(m.subscription()), group.target(m.id()))));
        Assignor assignor = preferred(group);
        Map<String, Partitions> byPlace = assignor.assign(topics, candidates);
        Map<String, Partitions> byMember = new HashMap<>();
        group.members().forEach(m -> byMember.put(m.id(), byPlace.get(place(m))));
        return new TargetAssignment(assignor.name(), topics, byMember);
    }

    /** Static members keep their place in the order when they come back under another id. */
    private static String place(ConsumerMember m) {
        return m.instanceId() != null ? "instance " + m.instanceId() : "member " + m.id();
    }

    /** What most of the members with a wish ask for. */
    private static Assignor preferred(ConsumerGroupState group) {
        Map<String, Integer> votes = new TreeMap<>();
        group.members().stream().map(m -> m.subscription().assignor()).filter(a -> !a.isEmpty())
                .forEach(a -> votes.merge(a, 1, Integer::sum));
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).flatMap(e -> Assignor.named(e.getKey()))
                .orElse(Assignor.ALL.get(0));
    }

    /** The members whose part differs from what the group has now. */
    Map<String, Partitions> changedFrom(ConsumerGroupState group) {
        Map<String, Partitions> changed = new HashMap<>(byMember);
        changed.entrySet().removeIf(e -> e.getValue().equals(group.targets().get(e.getKey())));
        return changed;
    }
}
