package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Membership and rebalancing of one group of the classic protocol.
 *
 * <pre>
 * EMPTY ── join ──▶ PREPARING_REBALANCE ── all joined, or time is up ──▶ COMPLETING_REBALANCE ── leader's assignment stored ──▶ STABLE
 *   ▲                  ▲      │                                              │  join, leave, expiry                        │
 *   └── nobody joined ─┼──────┘                                              ▼                                             │
 *                      └────────────────────────────────────────────────────┴───────────────── join, leave, expiry ─────────┘
 * </pre>
 *
 * Only completed generations (and emptiness) are persistent; a rebalance under way is not, because its members ask again.
 */
final class ClassicGroup implements Membership {

    /** The states of the protocol; names as in Kafka. */
    enum State {
        EMPTY("Empty"), PREPARING_REBALANCE("PreparingRebalance"), COMPLETING_REBALANCE("CompletingRebalance"), STABLE(
                "Stable");

        final String protocolName;

        State(String protocolName) {
            this.protocolName = protocolName;
        }
    }

    private final String groupId;
    private final GroupSettings settings;
    private final ClassicMembers members = new ClassicMembers();
    private final ClassicAnswers answers = new ClassicAnswers(this, members);
    private State state = State.EMPTY;
    private int generation;
    private String protocolType;
    private String protocolName;
    private long joinDeadlineMs = Long.MAX_VALUE;
    /** While an empty group gathers its first members: not before this time. */
    private long initialDelayEndMs;
    private long initialDelayLimitMs;
    private long syncDeadlineMs = Long.MAX_VALUE;
    private long emptySinceMs;

    ClassicGroup(String groupId, GroupSettings settings) {
        this.groupId = groupId;
        this.settings = settings;
    }

    // ---- joining

    void join(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to, long now,
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
        return r.protocolType().equals(protocolType)
                && r.protocols().stream().map(JoinGroupRequestProtocol::name).anyMatch(members::allSupport);
    }

    private void joinAsNew(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        boolean isStatic = r.groupInstanceId() != null;
        String id = (isStatic ? r.groupInstanceId() : client.idOrUnknown()) + "-" + UUID.randomUUID();
        Member replaced = isStatic ? members.ofInstance(r.groupInstanceId()) : null;
        if (replaced != null) {
            replaceStatic(replaced, id, r, client, to, now, effects);
        } else if (members.size() >= settings.maxSize()) {
            effects.answer(to, ClassicAnswers.joinError("", Errors.GROUP_MAX_SIZE_REACHED));
        } else if (client.needsKnownId() && !isStatic) {
            members.expect(id, now + r.sessionTimeoutMs());
            effects.answer(to, ClassicAnswers.joinError(id, Errors.MEMBER_ID_REQUIRED));
        } else {
            addAndRebalance(id, r, client, to, now, effects);
        }
    }

    private void rejoin(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        if (members.isExpected(r.memberId())) {
            if (members.size() >= settings.maxSize()) {
                effects.answer(to, ClassicAnswers.joinError(r.memberId(), Errors.GROUP_MAX_SIZE_REACHED));
            } else {
                addAndRebalance(r.memberId(), r, client, to, now, effects);
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
        boolean sameAnswerHolds = switch (state) {
            case COMPLETING_REBALANCE -> unchanged;
            // a leader that joins again asks for a new assignment
            case STABLE -> unchanged && !members.isLeader(m);
            case PREPARING_REBALANCE, EMPTY -> false;
        };
        if (sameAnswerHolds) {
            effects.answer(to, answers.joined(m, state == State.COMPLETING_REBALANCE && members.isLeader(m)));
        } else {
            m.update(r);
            awaitJoin(m, to, effects);
            rebalance(now, effects);
        }
    }

    private void addAndRebalance(String id, JoinGroupRequestData r, GroupClient client,
            CompletableFuture<JoinGroupResponseData> to, long now, Effects effects) {
        Member m = new Member(id, r.groupInstanceId(), client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        m.update(r);
        m.heardOf(now);
        if (members.isEmpty()) {
            protocolType = r.protocolType();
        }
        members.add(m);
        if (state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0) {
            initialDelayEndMs = Math.min(initialDelayLimitMs, now + settings.initialRebalanceDelay().toMillis());
        }
        awaitJoin(m, to, effects);
        rebalance(now, effects);
    }

    /** KIP-345: the same instance came back under a new member id; the old id is fenced. */
    private void replaceStatic(Member old, String id, JoinGroupRequestData r, GroupClient client,
            CompletableFuture<JoinGroupResponseData> to, long now, Effects effects) {
        old.failWaiting(Errors.FENCED_INSTANCE_ID, effects);
        Member m = new Member(id, old.instanceId, client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        byte[] oldMetadata = old.metadata(protocolName == null ? "" : protocolName);
        m.update(r);
        m.assignment = old.assignment;
        m.heardOf(now);
        boolean wasLeader = members.isLeader(old);
        members.replace(old, m);
        if (state == State.STABLE && members.selectProtocol().equals(protocolName)
                && Arrays.equals(oldMetadata, m.metadata(protocolName))) {
            m.synced = true;
            effects.persist(completed(Map.of(), true));
            effects.answer(to, answers.keptPlace(m, old.id, wasLeader, client));
        } else {
            awaitJoin(m, to, effects);
            rebalance(now, effects);
        }
    }

    private void awaitJoin(Member m, CompletableFuture<JoinGroupResponseData> to, Effects effects) {
        if (m.awaitingJoin != null) {
            // the client gave the first request up; it must not be left without an answer
            effects.answer(m.awaitingJoin, ClassicAnswers.joinError(m.id, Errors.REBALANCE_IN_PROGRESS));
        }
        m.awaitingJoin = to;
    }

    // ---- rebalancing

    private void rebalance(long now, Effects effects) {
        if (state == State.PREPARING_REBALANCE) {
            completeJoinIfAllAreHere(now, effects);
            return;
        }
        if (state == State.COMPLETING_REBALANCE) {
            members.all().forEach(m -> m.failSync(Errors.REBALANCE_IN_PROGRESS, effects));
        }
        long longest = members.longestRebalanceTimeoutMs();
        joinDeadlineMs = now + longest;
        syncDeadlineMs = Long.MAX_VALUE;
        if (state == State.EMPTY) {
            long delay = Math.min(settings.initialRebalanceDelay().toMillis(), longest);
            initialDelayEndMs = now + delay;
            initialDelayLimitMs = delay > 0 ? now + longest : 0;
        } else {
            initialDelayEndMs = 0;
            initialDelayLimitMs = 0;
        }
        state = State.PREPARING_REBALANCE;
        completeJoinIfAllAreHere(now, effects);
    }

    private void completeJoinIfAllAreHere(long now, Effects effects) {
        if (members.allAwaitJoin() && now >= initialDelayEndMs) {
            completeJoin(now, effects);
        }
    }

    private void completeJoin(long now, Effects effects) {
        for (Member m : members.copy()) {
            if (m.awaitingJoin == null && m.instanceId == null) {
                members.remove(m);
            }
        }
        initialDelayLimitMs = 0;
        if (!members.isEmpty() && !members.someAwaitJoin()) {
            // only static members that did not come back in time: they keep their place until their sessions end
            joinDeadlineMs = now + members.longestRebalanceTimeoutMs();
            return;
        }
        joinDeadlineMs = Long.MAX_VALUE;
        generation++;
        if (members.isEmpty()) {
            becomeEmpty(now, effects);
            return;
        }
        state = State.COMPLETING_REBALANCE;
        protocolName = members.selectProtocol();
        members.chooseLeader();
        syncDeadlineMs = now + members.longestRebalanceTimeoutMs();
        for (Member m : members.all()) {
            m.synced = false;
            if (m.awaitingJoin != null) {
                effects.answer(m.awaitingJoin, answers.joined(m, members.isLeader(m)));
                m.awaitingJoin = null;
                m.heardOf(now);
            }
        }
    }

    private void becomeEmpty(long now, Effects effects) {
        state = State.EMPTY;
        protocolName = null;
        emptySinceMs = now;
        joinDeadlineMs = Long.MAX_VALUE;
        syncDeadlineMs = Long.MAX_VALUE;
        effects.persist(new GroupEvent.GroupEmptied(groupId, generation, protocolType, now));
    }

    // ---- assignment

    void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects) {
        Errors error = members.validate(r.memberId(), r.groupInstanceId());
        if (error == Errors.NONE && r.generationId() != generation) {
            error = Errors.ILLEGAL_GENERATION;
        }
        if (error == Errors.NONE
                && (differs(r.protocolType(), protocolType) || differs(r.protocolName(), protocolName))) {
            error = Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (error == Errors.NONE && state == State.PREPARING_REBALANCE) {
            error = Errors.REBALANCE_IN_PROGRESS;
        }
        if (error == Errors.NONE && state == State.EMPTY) {
            error = Errors.UNKNOWN_MEMBER_ID;
        }
        if (error != Errors.NONE) {
            effects.answer(to, new SyncGroupResponseData().setErrorCode(error.code()));
            return;
        }
        Member m = members.get(r.memberId());
        m.heardOf(now);
        m.synced = true;
        if (state == State.STABLE) {
            effects.answer(to, answers.synced(m));
            return;
        }
        m.failSync(Errors.REBALANCE_IN_PROGRESS, effects);
        m.awaitingSync = to;
        if (members.isLeader(m)) {
            Map<String, byte[]> assignments = new HashMap<>();
            r.assignments().forEach(a -> assignments.put(a.memberId(), a.assignment()));
            effects.persist(completed(assignments, false));
            members.all().forEach(x -> x.assignment = assignments.getOrDefault(x.id, Member.NONE));
            state = State.STABLE;
            for (Member x : members.all()) {
                if (x.awaitingSync != null) {
                    effects.answer(x.awaitingSync, answers.synced(x));
                    x.awaitingSync = null;
                    x.heardOf(now);
                }
            }
        }
    }

    private static boolean differs(String given, String actual) {
        return given != null && !given.equals(actual);
    }

    private GroupEvent.GenerationCompleted completed(Map<String, byte[]> assignments, boolean keepAssignments) {
        List<GroupEvent.StoredMember> stored = members.all().stream().map(m -> m.stored(protocolName,
                keepAssignments ? m.assignment : assignments.getOrDefault(m.id, Member.NONE))).toList();
        return new GroupEvent.GenerationCompleted(groupId, generation, protocolType, protocolName, members.leaderId(),
                stored);
    }

    // ---- staying and leaving

    Errors heartbeat(String memberId, String instanceId, int theirGeneration, long now) {
        Errors error = members.validate(memberId, instanceId);
        if (error != Errors.NONE) {
            return error;
        }
        if (theirGeneration != generation) {
            return Errors.ILLEGAL_GENERATION;
        }
        members.get(memberId).heardOf(now);
        return state == State.PREPARING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    /** Takes one member out, by id, or a static one by instance id alone. */
    @Override
    public Errors leave(String memberId, String instanceId, long now, Effects effects) {
        if (instanceId == null && members.expectNoMore(memberId)) {
            if (state == State.PREPARING_REBALANCE) {
                completeJoinIfAllAreHere(now, effects);
            }
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
            removeAndRebalance(members.get(id), now, effects);
        }
        return error;
    }

    private void removeAndRebalance(Member m, long now, Effects effects) {
        m.failWaiting(Errors.UNKNOWN_MEMBER_ID, effects);
        members.remove(m);
        if (state == State.PREPARING_REBALANCE) {
            completeJoinIfAllAreHere(now, effects);
        } else {
            rebalance(now, effects);
        }
    }

    // ---- offsets

    @Override
    public Errors mayCommit(String memberId, String instanceId, int theirGeneration, long now) {
        if (theirGeneration < 0 && memberId.isEmpty() && instanceId == null) {
            // a consumer that assigns partitions itself: only while nobody manages the group (with members, its offsets are theirs)
            return state == State.EMPTY ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = members.validate(memberId, instanceId);
        if (error != Errors.NONE) {
            return error;
        }
        if (theirGeneration != generation) {
            return Errors.ILLEGAL_GENERATION;
        }
        members.get(memberId).heardOf(now);
        return state == State.COMPLETING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    /** The classic protocol has no say in who reads offsets. */
    @Override
    public Errors mayFetch(String memberId, int memberEpoch) {
        return Errors.NONE;
    }

    // ---- time

    @Override
    public long nextDeadlineMs() {
        long next = Math.min(members.nextDeadlineMs(), Math.min(joinDeadlineMs, syncDeadlineMs));
        if (state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0) {
            next = Math.min(next, initialDelayEndMs);
        }
        return next;
    }

    @Override
    public void onTime(long now, Effects effects) {
        members.expectNoneAfter(now);
        for (Member m : members.copy()) {
            if (!m.isWaiting() && m.sessionDeadlineMs <= now && members.contains(m)) {
                removeAndRebalance(m, now, effects);
            }
        }
        if (state == State.PREPARING_REBALANCE) {
            if (joinDeadlineMs <= now) {
                completeJoin(now, effects);
            } else {
                completeJoinIfAllAreHere(now, effects);
                if (state == State.PREPARING_REBALANCE && initialDelayEndMs <= now) {
                    // the wait for first members is over; from here the ordinary deadline counts
                    initialDelayLimitMs = 0;
                }
            }
        } else if (state == State.COMPLETING_REBALANCE && syncDeadlineMs <= now) {
            syncDeadlineMs = Long.MAX_VALUE;
            for (Member m : members.copy()) {
                if (!m.synced && members.contains(m)) {
                    removeAndRebalance(m, now, effects);
                }
            }
        }
    }

    // ---- recovery

    void apply(GroupEvent.GenerationCompleted event) {
        members.restore(event.members(), event.leader());
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = event.protocolName();
        state = State.STABLE;
    }

    void apply(GroupEvent.GroupEmptied event) {
        members.clear();
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = null;
        state = State.EMPTY;
        emptySinceMs = event.atMs();
    }

    @Override
    public void restartSessions(long now) {
        members.restartSessions(now);
    }

    @Override
    public List<GroupEvent> toEvents() {
        return List.of(state == State.STABLE
                ? completed(Map.of(), true)
                : new GroupEvent.GroupEmptied(groupId, generation, protocolType, emptySinceMs));
    }

    // ---- what others see

    @Override
    public String type() {
        return "classic";
    }

    @Override
    public String stateName() {
        return state.protocolName;
    }

    State state() {
        return state;
    }

    int generation() {
        return generation;
    }

    @Override
    public String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    String protocolName() {
        return protocolName == null ? "" : protocolName;
    }

    List<Member> members() {
        return members.copy();
    }

    @Override
    public boolean isEmpty() {
        return state == State.EMPTY;
    }

    @Override
    public boolean isForgettable() {
        return isEmpty() && !members.expectsSomebody();
    }

    @Override
    public long emptySinceMs() {
        return emptySinceMs;
    }
}
