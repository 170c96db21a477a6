package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Who belongs to a classic group, which of its members leads, and which protocols they share. Mutable, owned by its {@link ClassicGroup}. */
final class ClassicMembers {
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    /** Ids handed out with MEMBER_ID_REQUIRED and not used yet (KIP-394), with the time until which they may be. */
    private final Map<String, Long> pending = new HashMap<>();
    private String leaderId;

    // ---- coming and going

    void add(Member m) {
        pending.remove(m.id);
        members.put(m.id, m);
        if (m.instanceId != null) {
            staticMembers.put(m.instanceId, m.id);
        }
    }

    /** Puts a static member's new incarnation in the place of the old one, which may have been the leader. */
    void replace(Member old, Member by) {
        members.remove(old.id);
        add(by);
        if (isLeader(old)) {
            leaderId = by.id;
        }
    }

    void remove(Member m) {
        members.remove(m.id);
        if (m.instanceId != null) {
            staticMembers.remove(m.instanceId, m.id);
        }
        if (isLeader(m)) {
            leaderId = null;
        }
    }

    /** Sets the members as they were stored. */
    void restore(List<GroupEvent.StoredMember> stored, String leader) {
        clear();
        stored.forEach(s -> add(Member.restored(s)));
        leaderId = leader;
    }

    void clear() {
        members.clear();
        staticMembers.clear();
        leaderId = null;
    }

    // ---- ids handed out

    void expect(String id, long untilMs) {
        pending.put(id, untilMs);
    }

    /** Whether this id was handed out, and nobody has joined with it yet. */
    boolean isExpected(String id) {
        return pending.containsKey(id);
    }

    /** Takes back an id that was handed out; false if it was not, or is in use. */
    boolean expectNoMore(String id) {
        return pending.remove(id) != null;
    }

    void expectNoneAfter(long now) {
        pending.values().removeIf(deadline -> deadline <= now);
    }

    boolean expectsSomebody() {
        return !pending.isEmpty();
    }

    // ---- who is who

    boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** The member of this id, or null. */
    Member get(String id) {
        return members.get(id);
    }

    /** The present member of this instance id, or null. */
    Member ofInstance(String instanceId) {
        String id = staticMembers.get(instanceId);
        return id == null ? null : members.get(id);
    }

    boolean contains(Member m) {
        return members.containsKey(m.id);
    }

    Collection<Member> all() {
        return members.values();
    }

    /** The members of now, for loops that change who is in. */
    List<Member> copy() {
        return new ArrayList<>(members.values());
    }

    /** Whether somebody who names himself so is a member: FENCED_INSTANCE_ID if another one has taken his place since. */
    Errors validate(String memberId, String instanceId) {
        if (instanceId != null) {
            String current = staticMembers.get(instanceId);
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            return current.equals(memberId) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
        }
        return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    // ---- the leader

    boolean isLeader(Member m) {
        return m.id.equals(leaderId);
    }

    /** Null while there is none. */
    String leaderId() {
        return leaderId;
    }

    /** Keeps the leader if he joined, and else takes the first one who did; somebody must have. */
    void chooseLeader() {
        Member leader = members.get(leaderId);
        if (leader == null || leader.awaitingJoin == null) {
            leaderId = members.values().stream().filter(m -> m.awaitingJoin != null).findFirst().orElseThrow().id;
        }
    }

    // ---- what they share

    boolean allSupport(String protocol) {
        return members.values().stream().allMatch(m -> m.supports(protocol));
    }

    /** The protocol most of them like best, of those that all support. */
    String selectProtocol() {
        Set<String> candidates = new HashSet<>(members.values().iterator().next().protocolNames());
        candidates.removeIf(p -> !allSupport(p));
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.values().forEach(m -> votes.merge(m.vote(candidates), 1, Integer::sum));
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    /** Whether each of them, and everybody to whom an id was handed out, waits for the rebalance to end. */
    boolean allAwaitJoin() {
        return pending.isEmpty() && members.values().stream().allMatch(m -> m.awaitingJoin != null);
    }

    boolean someAwaitJoin() {
        return members.values().stream().anyMatch(m -> m.awaitingJoin != null);
    }

    long longestRebalanceTimeoutMs() {
        return members.values().stream().mapToLong(m -> m.rebalanceTimeoutMs).max().orElse(0);
    }

    /** When the next session ends or the next id handed out lapses, or {@code Long.MAX_VALUE}. */
    long nextDeadlineMs() {
        long next = Long.MAX_VALUE;
        for (Member m : members.values()) {
            if (!m.isWaiting()) {
                next = Math.min(next, m.sessionDeadlineMs);
            }
        }
        for (long deadline : pending.values()) {
            next = Math.min(next, deadline);
        }
        return next;
    }

    /** After recovery every member gets its whole session time again: the coordinator was away, not they. */
    void restartSessions(long now) {
        members.values().forEach(m -> m.heardOf(now));
    }
}
