package io.sluice.actors.group;

import io.sluice.actors.config.MigrationPolicy;
import io.sluice.actors.group.EmbeddedProtocol.Subscribed;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests of members that speak the classic protocol in a group of the consumer protocol, while clients are moved from one to the other (KIP-848).
 * The group assigns, so no member leads and nobody waits: Heartbeat tells a member to join when there is something for it to give up or to get, JoinGroup
 * brings it a step nearer to its target, and SyncGroup tells what it has. Its generation is its member epoch. An eager member owns nothing when it
 * joins, and so is there in one step; a cooperative one first gives up what it shall not have, and by itself joins again.
 */
final class ClassicRequests {
    private final ConsumerMembers members;
    private final ConsumerGroupState state;

    ClassicRequests(ConsumerMembers members) {
        this.members = members;
        this.state = members.state();
    }

    // ---- joining

    JoinGroupResponseData join(JoinGroupRequestData r, GroupClient client, long now, Effects effects) {
        try {
            return joined(r, client, now, effects);
        } catch (ApiException e) {
            // thrown before anything changed
            return ClassicAnswers.joinError(r.memberId(), Errors.forException(e));
        }
    }

    private JoinGroupResponseData joined(JoinGroupRequestData r, GroupClient client, long now, Effects effects) {
        if (members.settings().migrationPolicy() == MigrationPolicy.DISABLED || !supportsProtocols(r)) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
        }
        ConsumerMember known = whoJoins(r);
        if (known == null && members.isFull()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception();
        }
        if (r.memberId().isEmpty() && r.groupInstanceId() == null && client.needsKnownId()) {
            return ClassicAnswers.joinError(ClassicGroup.newMemberId(r, client), Errors.MEMBER_ID_REQUIRED);
        }
        ClassicClient classic = ClassicClient.of(r);
        Subscribed subscribed = EmbeddedProtocol.subscription(classic.preferred().metadata(), members.image());
        ConsumerMember member = asked(r, client, known, classic, subscribed);
        members.put(known, member, now, effects);
        members.heardOf(member, now);
        members.retarget(known == null || !known.subscription().equals(member.subscription()), now, effects);
        MemberAssignment next = members.reconcile(member, subscribed.owned(), effects);
        members.expectStep(member, now);
        return new JoinGroupResponseData().setMemberId(member.id()).setGenerationId(next.epoch())
                .setProtocolType(EmbeddedProtocol.TYPE).setProtocolName(classic.preferred().name());
    }

    private boolean supportsProtocols(JoinGroupRequestData r) {
        return r.protocolType().equals(EmbeddedProtocol.TYPE) && r.protocols().stream()
                .map(JoinGroupRequestProtocol::name)
                .anyMatch(name -> state.members().stream().allMatch(m -> !m.isClassic() || m.classic().supports(name)));
    }

    /** The member whose place a joining one takes, itself mostly, or null if there is none. An id that is not known makes a new member. */
    private ConsumerMember whoJoins(JoinGroupRequestData r) {
        if (r.groupInstanceId() == null) {
            return state.member(r.memberId());
        }
        if (r.memberId().isEmpty()) {
            return state.ofInstance(r.groupInstanceId());
        }
        return require(r.memberId(), r.groupInstanceId());
    }

    /** The member as it is after this request, but for its assignment. */
    private static ConsumerMember asked(JoinGroupRequestData r, GroupClient client, ConsumerMember known,
            ClassicClient classic, Subscribed subscribed) {
        String id = r.memberId().isEmpty() ? ClassicGroup.newMemberId(r, client) : r.memberId();
        MemberAssignment current = MemberAssignment.NONE;
        if (known != null) {
            current = known.id().equals(id) ? known.current() : known.current().takenOver();
        }
        return new ConsumerMember(id, r.groupInstanceId(), subscribed.rackId(), client.clientId(), client.host(),
                Member.rebalanceTimeout(r), subscribed.subscription(), current, classic);
    }

    // ---- staying

    /** What the member has now, if it need not join first. */
    SyncGroupResponseData sync(SyncGroupRequestData r, long now) {
        try {
            ConsumerMember member = requireClassic(r.memberId(), r.groupInstanceId(), r.generationId());
            ClassicClient.Protocol protocol = member.classic().preferred();
            if (differs(r.protocolType(), EmbeddedProtocol.TYPE) || differs(r.protocolName(), protocol.name())) {
                throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
            }
            if (member.current().epoch() < state.epoch() && member.current().revoking().isEmpty()) {
                members.expectStepStill(member, now);
                throw Errors.REBALANCE_IN_PROGRESS.exception();
            }
            members.heardOf(member, now);
            members.expectNoStep(member);
            return new SyncGroupResponseData().setProtocolType(EmbeddedProtocol.TYPE).setProtocolName(protocol.name())
                    .setAssignment(EmbeddedProtocol.assignment(member.current().assigned(), protocol.metadata(),
                            members.image()));
        } catch (ApiException e) {
            return new SyncGroupResponseData().setErrorCode(Errors.forException(e).code());
        }
    }

    private static boolean differs(String given, String actual) {
        return given != null && !given.equals(actual);
    }

    Errors heartbeat(HeartbeatRequestData r, long now, Effects effects) {
        try {
            ConsumerMember member = requireClassic(r.memberId(), r.groupInstanceId(), r.generationId());
            members.heardOf(member, now);
            members.retarget(false, now, effects);
            if (mustJoin(member)) {
                members.expectStepStill(member, now);
                return Errors.REBALANCE_IN_PROGRESS;
            }
            return Errors.NONE;
        } catch (ApiException e) {
            return Errors.forException(e);
        }
    }

    /** Whether there is a new target for it, or it has something to give up still, or all that it lacks is free. */
    private boolean mustJoin(ConsumerMember member) {
        MemberAssignment current = member.current();
        if (current.epoch() < state.epoch() || !current.revoking().isEmpty()) {
            return true;
        }
        Partitions target = state.target(member.id());
        return !current.assigned().equals(target) && state.free(member.id(), target).equals(target);
    }

    private ConsumerMember requireClassic(String memberId, String instanceId, int generation) {
        ConsumerMember member = require(memberId, instanceId);
        if (!member.isClassic()) {
            throw Errors.UNKNOWN_MEMBER_ID.exception();
        }
        if (member.current().epoch() != generation) {
            throw Errors.ILLEGAL_GENERATION.exception();
        }
        return member;
    }

    /** The member that names itself so: FENCED_INSTANCE_ID if another one has taken its place since. */
    private ConsumerMember require(String memberId, String instanceId) {
        ConsumerMember member = instanceId == null ? state.member(memberId) : state.ofInstance(instanceId);
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception();
        }
        if (!member.id().equals(memberId)) {
            throw Errors.FENCED_INSTANCE_ID.exception();
        }
        return member;
    }

    // ---- leaving

    /** Members of the classic protocol leave so; of the other one, administrators may take static ones out, whom they name by instance alone. */
    Errors leave(String memberId, String instanceId, long now, Effects effects) {
        try {
            boolean byInstance = memberId.isEmpty() && instanceId != null;
            ConsumerMember member = byInstance ? state.ofInstance(instanceId) : require(memberId, instanceId);
            if (member == null || (!byInstance && !member.isClassic())) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            members.removeAll(List.of(member), now, effects);
            return Errors.NONE;
        } catch (ApiException e) {
            return Errors.forException(e);
        }
    }
}
