package io.sluice.actors.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * How the members of a group share partitions: by one of Kafka's two protocols. Changes to the other one while it is empty, or as {@link Migration}
 * says. Members of the classic protocol are served by both.
 */
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

    /** JoinGroup; may be answered by a later decision. */
    void join(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to, long now,
            Effects effects);

    /** SyncGroup; may be answered by a later decision. */
    void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects);

    /** Heartbeat of the classic protocol; REBALANCE_IN_PROGRESS tells the member to join anew. */
    Errors heartbeat(HeartbeatRequestData r, long now, Effects effects);

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
