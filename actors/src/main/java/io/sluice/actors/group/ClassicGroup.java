package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.group.ClassicRebalance.State;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Membership of one group of the classic protocol: what its members ask, and who they are; {@link ClassicRebalance} has its generations. */
final class ClassicGroup implements Membership {
    private final GroupSettings settings;
    private final ClassicMembers members = new ClassicMembers();
    private final ClassicRebalance rebalance;
    private final ClassicAnswers answers;

    ClassicGroup(String groupId, GroupSettings settings) {
        this.settings = settings;
        this.rebalance = new ClassicRebalance(groupId, settings, members);
        this.answers = rebalance.answers();
    }

    // ---- joining

    @Override
    public void join(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to, long now,
            Effects effects) {
        if (!supportsProtocols(r)) {
            effects.answer(to, ClassicAnswers.joinError(r.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL));
        } else if (r.memberId().isEmpty()) {
            joinAsNew(r, client, to, now, effects);
        } else {
            rejoin(r, client, to, now, effects);
        }
    }

    private boolean supportsProtocols(JoinGroupRequestData r) {
        if (r.protocolType().isEmpty() || r.protocols().isEmpty()) {
            return false;
        }
        if (members.isEmpty()) {
            return true;
        }
        return r.protocolType().equals(rebalance.protocolType())
                && r.protocols().stream().map(JoinGroupRequestProtocol::name).anyMatch(members::allSupport);
    }

    private void joinAsNew(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        boolean isStatic = r.groupInstanceId() != null;
        String id = newMemberId(r, client);
        Member replaced = isStatic ? members.ofInstance(r.groupInstanceId()) : null;
        if (replaced != null) {
            replaceStatic(replaced, id, r, client, to, now, effects);
        } else if (members.size() >= settings.maxSize()) {
            effects.answer(to, ClassicAnswers.joinError("", Errors.GROUP_MAX_SIZE_REACHED));
        } else if (client.needsKnownId() && !isStatic) {
            members.expect(id, now + r.sessionTimeoutMs());
            effects.answer(to, ClassicAnswers.joinError(id, Errors.MEMBER_ID_REQUIRED));
        } else {
            add(id, r, client, to, now, effects);
        }
    }

    /** An id for whoever joins without one. */
    static String newMemberId(JoinGroupRequestData r, GroupClient client) {
        return (r.groupInstanceId() != null ? r.groupInstanceId() : client.idOrUnknown()) + "-" + UUID.randomUUID();
    }

    private void rejoin(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        if (members.isExpected(r.memberId())) {
            if (members.size() >= settings.maxSize()) {
                effects.answer(to, ClassicAnswers.joinError(r.memberId(), Errors.GROUP_MAX_SIZE_REACHED));
            } else {
                add(r.memberId(), r, client, to, now, effects);
            }
            return;
        }
        Errors error = members.validate(r.memberId(), r.groupInstanceId());
        if (error != Errors.NONE) {
            effects.answer(to, ClassicAnswers.joinError(r.memberId(), error));
            return;
        }
        Member m = members.get(r.memberId());
        m.heardOf(now);
        boolean unchanged = m.hasSameProtocols(r);
        boolean sameAnswerHolds = switch (rebalance.state()) {
            case COMPLETING_REBALANCE -> unchanged;
            // a leader that joins again asks for a new assignment
            case STABLE -> unchanged && !members.isLeader(m);
            case PREPARING_REBALANCE, EMPTY -> false;
        };
        if (sameAnswerHolds) {
            effects.answer(to,
                    answers.joined(m, rebalance.state() == State.COMPLETING_REBALANCE && members.isLeader(m)));
        } else {
            m.update(r);
            m.awaitJoin(to, effects);
            rebalance.begin(now, effects);
        }
    }

    private void add(String id, JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        Member m = new Member(id, r.groupInstanceId(), client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        m.update(r);
        m.heardOf(now);
        m.awaitJoin(to, effects);
        rebalance.add(m, r.protocolType(), now, effects);
    }

    /** KIP-345: the same instance came back under a new member id; the old id is fenced. */
    private void replaceStatic(Member old, String id, JoinGroupRequestData r, GroupClient client,
            CompletableFuture<JoinGroupResponseData> to, long now, Effects effects) {
        old.failWaiting(Errors.FENCED_INSTANCE_ID, effects);
        Member m = new Member(id, old.instanceId, client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        byte[] oldMetadata = old.metadata(rebalance.protocolName());
        m.update(r);
        m.assignment = old.assignment;
        m.heardOf(now);
        boolean wasLeader = members.isLeader(old);
        members.replace(old, m);
        if (rebalance.state() == State.STABLE && members.selectProtocol().equals(rebalance.protocolName())
                && Arrays.equals(oldMetadata, m.metadata(rebalance.protocolName()))) {
            m.synced = true;
            rebalance.restate(effects);
            effects.answer(to, answers.keptPlace(m, old.id, wasLeader, client));
        } else {
            m.awaitJoin(to, effects);
            rebalance.begin(now, effects);
        }
    }

    // ---- assignment

    @Override
    public void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects) {
        Errors error = maySync(r);
        if (error != Errors.NONE) {
            effects.answer(to, new SyncGroupResponseData().setErrorCode(error.code()));
            return;
        }
        Member m = members.get(r.memberId());
        m.heardOf(now);
        m.synced = true;
        if (rebalance.state() == State.STABLE) {
            effects.answer(to, answers.synced(m));
            return;
        }
        m.failSync(Errors.REBALANCE_IN_PROGRESS, effects);
        m.awaitingSync = to;
        if (members.isLeader(m)) {
            Map<String, byte[]> assignments = new HashMap<>();
            r.assignments().forEach(a -> assignments.put(a.memberId(), a.assignment()));
            rebalance.complete(assignments, now, effects);
        }
    }

    private Errors maySync(SyncGroupRequestData r) {
        Errors error = members.validate(r.memberId(), r.groupInstanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (r.generationId() != rebalance.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        if (differs(r.protocolType(), rebalance.protocolType())
                || differs(r.protocolName(), rebalance.protocolName())) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return switch (rebalance.state()) {
            case PREPARING_REBALANCE -> Errors.REBALANCE_IN_PROGRESS;
            case EMPTY -> Errors.UNKNOWN_MEMBER_ID;
            case COMPLETING_REBALANCE, STABLE -> Errors.NONE;
        };
    }

    private static boolean differs(String given, String actual) {
        return given != null && !given.equals(actual);
    }

    // ---- staying and leaving

    @Override
    public Errors heartbeat(HeartbeatRequestData r, long now, Effects effects) {
        Errors error = members.validate(r.memberId(), r.groupInstanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (r.generationId() != rebalance.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        members.get(r.memberId()).heardOf(now);
        return rebalance.state() == State.PREPARING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    @Override
    public Errors leave(String memberId, String instanceId, long now, Effects effects) {
        if (instanceId == null && members.expectNoMore(memberId)) {
            rebalance.completeIfAllAreHere(now, effects);
            return Errors.NONE;
        }
        String id = memberId;
        if (memberId.isEmpty() && instanceId != null) {
            Member current = members.ofInstance(instanceId);
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            id = current.id;
        }
        Errors error = members.validate(id, instanceId);
        if (error == Errors.NONE) {
            rebalance.remove(members.get(id), now, effects);
        }
        return error;
    }

    /** Sends everybody who waits for this group to the one that takes its place. */
    void dissolve(Effects effects) {
        members.all().forEach(m -> m.failWaiting(Errors.REBALANCE_IN_PROGRESS, effects));
    }

    // ---- offsets

    @Override
    public Errors mayCommit(String memberId, String instanceId, int theirGeneration, long now) {
        if (theirGeneration < 0 && memberId.isEmpty() && instanceId == null) {
            // a consumer that assigns partitions itself: only while nobody manages the group (with members, its offsets are theirs)
            return isEmpty() ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = members.validate(memberId, instanceId);
        if (error != Errors.NONE) {
            return error;
        }
        if (theirGeneration != rebalance.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        members.get(memberId).heardOf(now);
        return rebalance.state() == State.COMPLETING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    /** The classic protocol has no say in who reads offsets. */
    @Override
    public Errors mayFetch(String memberId, int memberEpoch) {
        return Errors.NONE;
    }

    // ---- time

    @Override
    public long nextDeadlineMs() {
        return Math.min(members.nextDeadlineMs(), rebalance.nextDeadlineMs());
    }

    @Override
    public void onTime(long now, Effects effects) {
        members.expectNoneAfter(now);
        for (Member m : members.copy()) {
            if (!m.isWaiting() && m.sessionDeadlineMs <= now && members.contains(m)) {
                rebalance.remove(m, now, effects);
            }
        }
        rebalance.onTime(now, effects);
    }

    // ---- recovery

    void apply(GroupEvent.GenerationCompleted event) {
        rebalance.apply(event);
    }

    void apply(GroupEvent.MemberLeft event) {
        rebalance.apply(event);
    }

    void apply(GroupEvent.GroupEmptied event) {
        rebalance.apply(event);
    }

    @Override
    public void restartSessions(long now) {
        members.restartSessions(now);
        rebalance.restart(now);
    }

    @Override
    public List<GroupEvent> toEvents() {
        return rebalance.toEvents();
    }

    // ---- what others see

    @Override
    public String type() {
        return "classic";
    }

    @Override
    public String stateName() {
        return rebalance.state().protocolName;
    }

    boolean isStable() {
        return rebalance.state() == State.STABLE;
    }

    int generation() {
        return rebalance.generation();
    }

    @Override
    public String protocolType() {
        return rebalance.protocolType();
    }

    String protocolName() {
        return rebalance.protocolName();
    }

    List<Member> members() {
        return members.copy();
    }

    @Override
    public boolean isEmpty() {
        return rebalance.state() == State.EMPTY;
    }

    @Override
    public boolean isForgettable() {
        return isEmpty() && !members.expectsSomebody();
    }

    @Override
    public long emptySinceMs() {
        return rebalance.emptySinceMs();
    }
}
