package io.sluice.kafka.metadata;

import io.sluice.actors.image.TopicImage;
import java.util.List;
import java.util.stream.Stream;

/**
 * The replicas of a partition as clients see them (KIP-455): while it is moved, those that it shall have and those that it still has.
 *
 * @param all ids of all, in the order that they shall have, then those that leave
 * @param adding ids of those that are about to hold it
 * @param removing ids of those that shall not hold it any more
 */
public record ReassigningReplicas(List<Integer> all, List<Integer> adding, List<Integer> removing) {

    /** Of a partition that the topic has. */
    public static ReassigningReplicas of(TopicImage topic, int partition) {
        List<Integer> now = topic.replicas().get(partition);
        List<Integer> goal = topic.goal(partition);
        if (goal.equals(now)) {
            return new ReassigningReplicas(now, List.of(), List.of());
        }
        List<Integer> removing = now.stream().filter(id -> !goal.contains(id)).toList();
        return new ReassigningReplicas(Stream.concat(goal.stream(), removing.stream()).toList(),
                goal.stream().filter(id -> !now.contains(id)).toList(), removing);
    }
}
