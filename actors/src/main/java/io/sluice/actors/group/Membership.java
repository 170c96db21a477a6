package io.sluice.actors.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** How the members of a group share partitions: by one of Kafka's two protocols. Changes to the other one while it is empty. */
sealed interface Membership permits ClassicGroup, ConsumerGroup {

    /** The group's type as ListGroups names it. */
    String type();

    /** The group's state as Kafka names it. */
    String stateName();

    /** Never null. */
    String protocolType();

    boolean isEmpty();

    /** Whether nothing would be lost if an empty group began anew. */
    boolean isForgettable();

    /** When the last member went, ms since the epoch. */
    long emptySinceMs();

    /** Whether somebody who names himself so may commit offsets now; heard of if so. */
    Errors mayCommit(String memberId, String instanceId, int generationOrEpoch, long now);

    /** Whether somebody who names himself so may see the committed offsets; an empty member id is nobody in particular. */
    Errors mayFetch(String memberId, int memberEpoch);

    /** LeaveGroup: takes one member out, by id, or a static one by instance id alone. */
    Errors leave(String memberId, String instanceId, long now, Effects effects);

    /** The next moment at which {@link #onTime} has something to do, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs();

    void onTime(long now, Effects effects);

    /** After recovery every member gets its whole session time again: the coordinator was away, not they. */
    void restartSessions(long now);

    /** Events that restore it. */
    List<GroupEvent> toEvents();
}
