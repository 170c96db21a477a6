package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * The generations of one group of the classic protocol, and how one becomes the next.
 *
 * <pre>
 * EMPTY ── join ──▶ PREPARING_REBALANCE ── all joined, or time is up ──▶ COMPLETING_REBALANCE ── leader's assignment stored ──▶ STABLE
 *   ▲                  ▲      │                                              │  join, leave, expiry                        │
 *   └── nobody joined ─┼──────┘                                              ▼                                             │
 *                      └────────────────────────────────────────────────────┴───────────────── join, leave, expiry ─────────┘
 * </pre>
 *
 * Persistent are completed generations, departures, and emptiness. A rebalance under way is not, because its members ask again; who has left does not. Mutable,
 * owned by its {@link ClassicGroup}.
 */
final class ClassicRebalance {

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
    private final ClassicMembers members;
    private final ClassicAnswers answers = new ClassicAnswers(this);
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
    /** The last generation, or emptiness, and departures since: the events that restore what is persistent. */
    private final List<GroupEvent> stored = new ArrayList<>();

    ClassicRebalance(String groupId, GroupSettings settings, ClassicMembers members) {
        this.groupId = groupId;
        this.settings = settings;
        this.members = members;
    }

    // ---- members come and go

    /** Takes a new member in, who waits for its answer. */
    void add(Member m, String type, long now, Effects effects) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        members.add(m);
        if (state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0) {
            initialDelayEndMs = Math.min(initialDelayLimitMs, now + settings.initialRebalanceDelay().toMillis());
        }
        begin(now, effects);
    }

    /** Takes a member out; the others share what it had. */
    void remove(Member m, long now, Effects effects) {
        m.failWaiting(Errors.UNKNOWN_MEMBER_ID, effects);
        members.remove(m);
        if (isStored(m)) {
            GroupEvent left = new GroupEvent.MemberLeft(groupId, m.id);
            stored.add(left);
            effects.persist(left);
        }
        begin(now, effects);
    }

    /** Stores the present generation anew: a member goes on in it under another id. */
    void restate(Effects effects) {
        persist(completed(), effects);
    }

    // ---- from one generation to the next

    /** Asks all members to join; goes on with one that is under way. */
    void begin(long now, Effects effects) {
        if (state != State.PREPARING_REBALANCE) {
            prepare(now, effects);
        }
        completeIfAllAreHere(now, effects);
    }

    private void prepare(long now, Effects effects) {
        if (state == State.COMPLETING_REBALANCE) {
            members.all().forEach(m -> m.failSync(Errors.REBALANCE_IN_PROGRESS, effects));
        }
        long longest = members.longestRebalanceTimeoutMs();
        joinDeadlineMs = now + longest;
        syncDeadlineMs = Long.MAX_VALUE;
        long delay = state == State.EMPTY ? Math.min(settings.initialRebalanceDelay().toMillis(), longest) : 0;
        initialDelayEndMs = delay > 0 ? now + delay : 0;
        initialDelayLimitMs = delay > 0 ? now + longest : 0;
        state = State.PREPARING_REBALANCE;
    }

    /** Ends the wait for members if nobody is missing. */
    void completeIfAllAreHere(long now, Effects effects) {
        if (state == State.PREPARING_REBALANCE && members.allAwaitJoin() && now >= initialDelayEndMs) {
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
        syncDeadlineMs = Long.MAX_VALUE;
        persist(emptied(), effects);
    }

    /** The leader's assignment ends the rebalance. */
    void complete(Map<String, byte[]> assignments, long now, Effects effects) {
        members.all().forEach(m -> m.assignment = assignments.getOrDefault(m.id, Member.NONE));
        persist(completed(), effects);
        state = State.STABLE;
        syncDeadlineMs = Long.MAX_VALUE;
        for (Member m : members.all()) {
            if (m.awaitingSync != null) {
                effects.answer(m.awaitingSync, answers.synced(m));
                m.awaitingSync = null;
                m.heardOf(now);
            }
        }
    }

    // ---- time

    /** The next moment at which {@link #onTime} has something to do, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs() {
        long next = Math.min(joinDeadlineMs, syncDeadlineMs);
        return state == State.PREPARING_REBALANCE && initialDelayLimitMs > 0 ? Math.min(next, initialDelayEndMs) : next;
    }

    void onTime(long now, Effects effects) {
        if (state == State.PREPARING_REBALANCE) {
            if (joinDeadlineMs <= now) {
                completeJoin(now, effects);
            } else {
                completeIfAllAreHere(now, effects);
                if (state == State.PREPARING_REBALANCE && initialDelayEndMs <= now) {
                    // the wait for first members is over; from here the ordinary deadline counts
                    initialDelayLimitMs = 0;
                }
            }
        } else if (state == State.COMPLETING_REBALANCE && syncDeadlineMs <= now) {
            syncDeadlineMs = Long.MAX_VALUE;
            for (Member m : members.copy()) {
                if (!m.synced && members.contains(m)) {
                    remove(m, now, effects);
                }
            }
        }
    }

    // ---- what is stored

    private void persist(GroupEvent event, Effects effects) {
        beginWith(event);
        effects.persist(event);
    }

    /** Whether recovery would bring a member back: it was there when the last generation was completed. */
    private boolean isStored(Member m) {
        return !stored.isEmpty() && stored.getFirst() instanceof GroupEvent.GenerationCompleted last
                && last.members().stream().anyMatch(s -> s.memberId().equals(m.id));
    }

    private void beginWith(GroupEvent event) {
        stored.clear();
        stored.add(event);
    }

    private GroupEvent.GenerationCompleted completed() {
        List<GroupEvent.StoredMember> all = members.all().stream().map(m -> m.stored(protocolName)).toList();
        return new GroupEvent.GenerationCompleted(groupId, generation, protocolType, protocolName, members.leaderId(),
                all);
    }

    private GroupEvent.GroupEmptied emptied() {
        return new GroupEvent.GroupEmptied(groupId, generation, protocolType, emptySinceMs);
    }

    void apply(GroupEvent.GenerationCompleted event) {
        beginWith(event);
        members.restore(event.members(), event.leader());
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = event.protocolName();
        state = event.leader() == null ? State.PREPARING_REBALANCE : State.STABLE;
    }

    void apply(GroupEvent.MemberLeft event) {
        Member left = members.get(event.memberId());
        if (left != null) {
            stored.add(event);
            members.remove(left);
            state = State.PREPARING_REBALANCE;
        }
    }

    void apply(GroupEvent.GroupEmptied event) {
        beginWith(event);
        members.clear();
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = null;
        state = State.EMPTY;
        emptySinceMs = event.atMs();
    }

    /** After recovery, the members of a rebalance that was under way get its whole time again. */
    void restart(long now) {
        if (state == State.PREPARING_REBALANCE) {
            joinDeadlineMs = now + members.longestRebalanceTimeoutMs();
        }
    }

    /** The events that restore what is persistent. */
    List<GroupEvent> toEvents() {
        return stored.isEmpty() ? List.of(emptied()) : List.copyOf(stored);
    }

    // ---- what others see

    State state() {
        return state;
    }

    int generation() {
        return generation;
    }

    /** Never null. */
    String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    /** The protocol of the last generation; never null, empty before the first. */
    String protocolName() {
        return protocolName == null ? "" : protocolName;
    }

    /** When the last member went, ms since the epoch. */
    long emptySinceMs() {
        return emptySinceMs;
    }

    ClassicMembers members() {
        return members;
    }

    ClassicAnswers answers() {
        return answers;
    }
}
