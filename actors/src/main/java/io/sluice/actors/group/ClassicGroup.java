package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
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
final class ClassicGroup {

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
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    /** Ids handed out with MEMBER_ID_REQUIRED and not used yet (KIP-394), with the time until which they may be. */
    private final Map<String, Long> pendingMembers = new HashMap<>();
    private State state = State.EMPTY;
    private int generation;
    private String protocolType;
    private String protocolName;
    private String leaderId;
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
            effects.answer(to, joinError(r.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL));
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
                && r.protocols().stream().map(JoinGroupRequestProtocol::name).anyMatch(this::supportedByAll);
    }

    private boolean supportedByAll(String protocol) {
        return members.values().stream().allMatch(m -> m.supports(protocol));
    }

    private void joinAsNew(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        boolean isStatic = r.groupInstanceId() != null;
        String id = (isStatic ? r.groupInstanceId() : client.idOrUnknown()) + "-" + UUID.randomUUID();
        String replaced = isStatic ? staticMembers.get(r.groupInstanceId()) : null;
        if (replaced != null) {
            replaceStatic(members.get(replaced), id, r, client, to, now, effects);
        } else if (members.size() >= settings.maxSize()) {
            effects.answer(to, joinError("", Errors.GROUP_MAX_SIZE_REACHED));
        } else if (client.needsKnownId() && !isStatic) {
            pendingMembers.put(id, now + r.sessionTimeoutMs());
            effects.answer(to, joinError(id, Errors.MEMBER_ID_REQUIRED));
        } else {
            addAndRebalance(id, r, client, to, now, effects);
        }
    }

    private void rejoin(JoinGroupRequestData r, GroupClient client, CompletableFuture<JoinGroupResponseData> to,
            long now, Effects effects) {
        if (pendingMembers.containsKey(r.memberId())) {
            if (members.size() >= settings.maxSize()) {
                effects.answer(to, joinError(r.memberId(), Errors.GROUP_MAX_SIZE_REACHED));
            } else {
                addAndRebalance(r.memberId(), r, client, to, now, effects);
            }
            return;
        }
        Errors error = validate(r.memberId(), r.groupInstanceId());
        if (error != Errors.NONE) {
            effects.answer(to, joinError(r.memberId(), error));
            return;
        }
        Member m = members.get(r.memberId());
        m.heardOf(now);
        boolean unchanged = m.hasSameProtocols(r);
        boolean sameAnswerHolds = switch (state) {
            case COMPLETING_REBALANCE -> unchanged;
            // a leader that joins again asks for a new assignment
            case STABLE -> unchanged && !m.id.equals(leaderId);
            case PREPARING_REBALANCE, EMPTY -> false;
        };
        if (sameAnswerHolds) {
            effects.answer(to, joined(m, state == State.COMPLETING_REBALANCE && m.id.equals(leaderId)));
        } else {
            m.update(r);
            awaitJoin(m, to, effects);
            rebalance(now, effects);
        }
    }

    private void addAndRebalance(String id, JoinGroupRequestData r, GroupClient client,
            CompletableFuture<JoinGroupResponseData> to, long now, Effects effects) {
        pendingMembers.remove(id);
        Member m = new Member(id, r.groupInstanceId(), client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        m.update(r);
        m.heardOf(now);
        if (members.isEmpty()) {
            protocolType = r.protocolType();
        }
        members.put(id, m);
        if (m.instanceId != null) {
            staticMembers.put(m.instanceId, id);
        }
        if (state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0) {
            initialDelayEndMs = Math.min(initialDelayLimitMs, now + settings.initialRebalanceDelay().toMillis());
        }
        awaitJoin(m, to, effects);
        rebalance(now, effects);
    }

    /** KIP-345: the same instance came back under a new member id; the old id is fenced. */
    private void replaceStatic(Member old, String id, JoinGroupRequestData r, GroupClient client,
            CompletableFuture<JoinGroupResponseData> to, long now, Effects effects) {
        failWaiting(old, Errors.FENCED_INSTANCE_ID, effects);
        Member m = new Member(id, old.instanceId, client.clientId(), client.host(), r.sessionTimeoutMs(),
                Member.rebalanceTimeout(r));
        byte[] oldMetadata = old.metadata(protocolName == null ? "" : protocolName);
        m.update(r);
        m.assignment = old.assignment;
        m.heardOf(now);
        members.remove(old.id);
        members.put(id, m);
        staticMembers.put(m.instanceId, id);
        boolean wasLeader = old.id.equals(leaderId);
        if (wasLeader) {
            leaderId = id;
        }
        if (state == State.STABLE && selectProtocol().equals(protocolName)
                && Arrays.equals(oldMetadata, m.metadata(protocolName))) {
            m.synced = true;
            effects.persist(completed(Map.of(), true));
            effects.answer(to, keptPlace(m, old.id, wasLeader, client));
        } else {
            awaitJoin(m, to, effects);
            rebalance(now, effects);
        }
    }

    /** No rebalance: a returning leader must not assign anew, so it is told to skip that or, if it cannot, that another one leads. */
    private JoinGroupResponseData keptPlace(Member m, String oldId, boolean wasLeader, GroupClient client) {
        if (!wasLeader) {
            return joined(m, false);
        }
        return client.canSkipAssignment()
                ? joined(m, true).setSkipAssignment(true)
                : joined(m, false).setLeader(oldId);
    }

    private void awaitJoin(Member m, CompletableFuture<JoinGroupResponseData> to, Effects effects) {
        if (m.awaitingJoin != null) {
            // the client gave the first request up; it must not be left without an answer
            effects.answer(m.awaitingJoin, joinError(m.id, Errors.REBALANCE_IN_PROGRESS));
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
            members.values().forEach(m -> failSync(m, Errors.REBALANCE_IN_PROGRESS, effects));
        }
        long longest = longestRebalanceTimeoutMs();
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
        boolean all = pendingMembers.isEmpty() && members.values().stream().allMatch(m -> m.awaitingJoin != null);
        if (all && now >= initialDelayEndMs) {
            completeJoin(now, effects);
        }
    }

    private void completeJoin(long now, Effects effects) {
        for (Member m : List.copyOf(members.values())) {
            if (m.awaitingJoin == null && m.instanceId == null) {
                remove(m);
            }
        }
        initialDelayLimitMs = 0;
        if (!members.isEmpty() && members.values().stream().noneMatch(m -> m.awaitingJoin != null)) {
            // only static members that did not come back in time: they keep their place until their sessions end
            joinDeadlineMs = now + longestRebalanceTimeoutMs();
            return;
        }
        joinDeadlineMs = Long.MAX_VALUE;
        generation++;
        if (members.isEmpty()) {
            becomeEmpty(now, effects);
            return;
        }
        state = State.COMPLETING_REBALANCE;
        protocolName = selectProtocol();
        Member leader = members.get(leaderId);
        if (leader == null || leader.awaitingJoin == null) {
            leaderId = members.values().stream().filter(m -> m.awaitingJoin != null).findFirst().orElseThrow().id;
        }
        syncDeadlineMs = now + longestRebalanceTimeoutMs();
        for (Member m : members.values()) {
            m.synced = false;
            if (m.awaitingJoin != null) {
                effects.answer(m.awaitingJoin, joined(m, m.id.equals(leaderId)));
                m.awaitingJoin = null;
                m.heardOf(now);
            }
        }
    }

    private long longestRebalanceTimeoutMs() {
        return members.values().stream().mapToLong(m -> m.rebalanceTimeoutMs).max().orElse(0);
    }

    private String selectProtocol() {
        Set<String> candidates = new HashSet<>(members.values().iterator().next().protocolNames());
        candidates.removeIf(p -> !supportedByAll(p));
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.values().forEach(m -> votes.merge(m.vote(candidates), 1, Integer::sum));
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    private void becomeEmpty(long now, Effects effects) {
        state = State.EMPTY;
        protocolName = null;
        leaderId = null;
        emptySinceMs = now;
        joinDeadlineMs = Long.MAX_VALUE;
        syncDeadlineMs = Long.MAX_VALUE;
        effects.persist(new GroupEvent.GroupEmptied(groupId, generation, protocolType, now));
    }

    // ---- assignment

    void sync(SyncGroupRequestData r, CompletableFuture<SyncGroupResponseData> to, long now, Effects effects) {
        Errors error = validate(r.memberId(), r.groupInstanceId());
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
            effects.answer(to, synced(m));
            return;
        }
        failSync(m, Errors.REBALANCE_IN_PROGRESS, effects);
        m.awaitingSync = to;
        if (m.id.equals(leaderId)) {
            Map<String, byte[]> assignments = new HashMap<>();
            r.assignments().forEach(a -> assignments.put(a.memberId(), a.assignment()));
            effects.persist(completed(assignments, false));
            members.values().forEach(x -> x.assignment = assignments.getOrDefault(x.id, Member.NONE));
            state = State.STABLE;
            for (Member x : members.values()) {
                if (x.awaitingSync != null) {
                    effects.answer(x.awaitingSync, synced(x));
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
        List<GroupEvent.StoredMember> stored = members.values().stream().map(m -> m.stored(protocolName,
                keepAssignments ? m.assignment : assignments.getOrDefault(m.id, Member.NONE))).toList();
        return new GroupEvent.GenerationCompleted(groupId, generation, protocolType, protocolName, leaderId, stored);
    }

    private SyncGroupResponseData synced(Member m) {
        return new SyncGroupResponseData().setProtocolType(protocolType).setProtocolName(protocolName)
                .setAssignment(m.assignment);
    }

    // ---- staying and leaving

    Errors heartbeat(String memberId, String instanceId, int theirGeneration, long now) {
        Errors error = validate(memberId, instanceId);
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
    Errors leave(String memberId, String instanceId, long now, Effects effects) {
        if (instanceId == null && pendingMembers.remove(memberId) != null) {
            if (state == State.PREPARING_REBALANCE) {
                completeJoinIfAllAreHere(now, effects);
            }
            return Errors.NONE;
        }
        String id = memberId;
        if (memberId.isEmpty() && instanceId != null) {
            id = staticMembers.get(instanceId);
            if (id == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
        }
        Errors error = validate(id, instanceId);
        if (error == Errors.NONE) {
            removeAndRebalance(members.get(id), now, effects);
        }
        return error;
    }

    private void removeAndRebalance(Member m, long now, Effects effects) {
        failWaiting(m, Errors.UNKNOWN_MEMBER_ID, effects);
        remove(m);
        if (state == State.PREPARING_REBALANCE) {
            completeJoinIfAllAreHere(now, effects);
        } else {
            rebalance(now, effects);
        }
    }

    private void remove(Member m) {
        members.remove(m.id);
        if (m.instanceId != null) {
            staticMembers.remove(m.instanceId, m.id);
        }
        if (m.id.equals(leaderId)) {
            leaderId = null;
        }
    }

    private void failWaiting(Member m, Errors error, Effects effects) {
        if (m.awaitingJoin != null) {
            effects.answer(m.awaitingJoin, joinError(m.id, error));
            m.awaitingJoin = null;
        }
        failSync(m, error, effects);
    }

    private static void failSync(Member m, Errors error, Effects effects) {
        if (m.awaitingSync != null) {
            effects.answer(m.awaitingSync, new SyncGroupResponseData().setErrorCode(error.code()));
            m.awaitingSync = null;
        }
    }

    // ---- offsets

    /** Whether this member may commit offsets now; heard of if so. */
    Errors mayCommit(String memberId, String instanceId, int theirGeneration, long now) {
        if (theirGeneration < 0 && memberId.isEmpty() && instanceId == null) {
            // a consumer that assigns partitions itself: only while nobody manages the group (with members, its offsets are theirs)
            return state == State.EMPTY ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = validate(memberId, instanceId);
        if (error != Errors.NONE) {
            return error;
        }
        if (theirGeneration != generation) {
            return Errors.ILLEGAL_GENERATION;
        }
        members.get(memberId).heardOf(now);
        return state == State.COMPLETING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private Errors validate(String memberId, String instanceId) {
        if (instanceId != null) {
            String current = staticMembers.get(instanceId);
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            return current.equals(memberId) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
        }
        return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    // ---- time

    /** The next moment at which {@link #onTime} has something to do, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs() {
        long next = Math.min(joinDeadlineMs, syncDeadlineMs);
        if (state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0) {
            next = Math.min(next, initialDelayEndMs);
        }
        for (Member m : members.values()) {
            if (!m.isWaiting()) {
                next = Math.min(next, m.sessionDeadlineMs);
            }
        }
        for (long deadline : pendingMembers.values()) {
            next = Math.min(next, deadline);
        }
        return next;
    }

    void onTime(long now, Effects effects) {
        pendingMembers.values().removeIf(deadline -> deadline <= now);
        for (Member m : List.copyOf(members.values())) {
            if (!m.isWaiting() && m.sessionDeadlineMs <= now && members.containsKey(m.id)) {
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
            for (Member m : List.copyOf(members.values())) {
                if (!m.synced && members.containsKey(m.id)) {
                    removeAndRebalance(m, now, effects);
                }
            }
        }
    }

    // ---- recovery

    void apply(GroupEvent.GenerationCompleted event) {
        members.clear();
        staticMembers.clear();
        for (GroupEvent.StoredMember s : event.members()) {
            Member m = Member.restored(s);
            members.put(m.id, m);
            if (m.instanceId != null) {
                staticMembers.put(m.instanceId, m.id);
            }
        }
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = event.protocolName();
        leaderId = event.leader();
        state = State.STABLE;
    }

    void apply(GroupEvent.GroupEmptied event) {
        members.clear();
        staticMembers.clear();
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = null;
        leaderId = null;
        state = State.EMPTY;
        emptySinceMs = event.atMs();
    }

    /** After recovery every member gets its whole session time again: the coordinator was away, not they. */
    void restartSessions(long now) {
        members.values().forEach(m -> m.heardOf(now));
    }

    /** The event that restores this group, or null if nothing of it is worth keeping. */
    GroupEvent toEvent() {
        if (state == State.STABLE) {
            return completed(Map.of(), true);
        }
        return new GroupEvent.GroupEmptied(groupId, generation, protocolType, emptySinceMs);
    }

    // ---- what others see

    State state() {
        return state;
    }

    int generation() {
        return generation;
    }

    String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    String protocolName() {
        return protocolName == null ? "" : protocolName;
    }

    List<Member> members() {
        return new ArrayList<>(members.values());
    }

    boolean isEmpty() {
        return state == State.EMPTY;
    }

    boolean hasPendingMembers() {
        return !pendingMembers.isEmpty();
    }

    long emptySinceMs() {
        return emptySinceMs;
    }

    private JoinGroupResponseData joined(Member m, boolean withMembers) {
        JoinGroupResponseData response = new JoinGroupResponseData().setMemberId(m.id).setGenerationId(generation)
                .setProtocolType(protocolType).setProtocolName(protocolName).setLeader(leaderId);
        if (withMembers) {
            members.values().forEach(x -> response.members().add(new JoinGroupResponseMember().setMemberId(x.id)
                    .setGroupInstanceId(x.instanceId).setMetadata(x.metadata(protocolName))));
        }
        return response;
    }

    static JoinGroupResponseData joinError(String memberId, Errors error) {
        return new JoinGroupResponseData().setErrorCode(error.code()).setMemberId(memberId).setProtocolName("")
                .setLeader("");
    }
}
