package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** All that is stored of a consumer group's membership. Changes by events only, so that recovery brings back the same. */
final class ConsumerGroupState {
    private final Map<String, ConsumerMember> members = new LinkedHashMap<>();
    private final Map<String, String> instances = new HashMap<>();
    private final Map<String, Partitions> targets = new HashMap<>();
    /** Who holds each partition that is held: the member that has it, or has not given it up yet. */
    private final Map<Uuid, Map<Integer, String>> holders = new HashMap<>();
    private Map<Uuid, Integer> topics = Map.of();
    private int epoch;
    private String assignor = "";
    private long changedAtMs;

    // ---- events

    void apply(GroupEvent.OfConsumerGroup event) {
        switch (event) {
            case GroupEvent.ConsumerMemberChanged e -> {
                forget(e.member().id());
                add(e.member());
            }
            case GroupEvent.ConsumerMemberLeft e -> {
                forget(e.memberId());
                members.remove(e.memberId());
                targets.remove(e.memberId());
            }
            case GroupEvent.TargetAssigned e -> {
                epoch = e.epoch();
                assignor = e.assignor();
                topics = e.topicsById();
                changedAtMs = e.atMs();
                targets.putAll(e.changed());
            }
        }
    }

    private void add(ConsumerMember member) {
        members.put(member.id(), member);
        if (member.instanceId() != null) {
            instances.put(member.instanceId(), member.id());
        }
        member.current().held().forEach(
                (topic, partition) -> holders.computeIfAbsent(topic, t -> new HashMap<>()).put(partition, member.id()));
    }

    /** Takes out what leads to a member, and leaves its place among the members. */
    private void forget(String memberId) {
        ConsumerMember member = members.get(memberId);
        if (member == null) {
            return;
        }
        if (member.instanceId() != null) {
            instances.remove(member.instanceId(), memberId);
        }
        member.current().held().forEach((topic, partition) -> {
            Map<Integer, String> ofTopic = holders.get(topic);
            ofTopic.remove(partition, memberId);
            if (ofTopic.isEmpty()) {
                holders.remove(topic);
            }
        });
    }

    /** The events that make a new state the same as this one. */
    List<GroupEvent> toEvents(String groupId) {
        List<GroupEvent> events = new ArrayList<>();
        members.values().forEach(m -> events.add(new GroupEvent.ConsumerMemberChanged(groupId, m)));
        events.add(GroupEvent.TargetAssigned.of(groupId, epoch, assignor, topics, Map.copyOf(targets), changedAtMs));
        return events;
    }

    // ---- reading

    Collection<ConsumerMember> members() {
        return members.values();
    }

    /** The member of this id, or null. */
    ConsumerMember member(String id) {
        return members.get(id);
    }

    /** The member of this instance id, or null. */
    ConsumerMember ofInstance(String instanceId) {
        String id = instances.get(instanceId);
        return id == null ? null : members.get(id);
    }

    /** What a member shall have in the end. */
    Partitions target(String memberId) {
        return targets.getOrDefault(memberId, Partitions.NONE);
    }

    Map<String, Partitions> targets() {
        return targets;
    }

    /** Those of some partitions that no other member holds. */
    Partitions free(String memberId, Partitions wanted) {
        return wanted.where((topic, partition) -> {
            String holder = holders.getOrDefault(topic, Map.of()).get(partition);
            return holder == null || holder.equals(memberId);
        });
    }

    boolean isReconciled(ConsumerMember member) {
        return member.current().isReconciledTo(target(member.id()), epoch);
    }

    /** The group epoch. The target is computed in the same decision that changes it, so it is the assignment's too. */
    int epoch() {
        return epoch;
    }

    /** Name of the assignor of the present target; empty before the first. */
    String assignor() {
        return assignor;
    }

    /** The topics of the present target, with their numbers of partitions. */
    Map<Uuid, Integer> topics() {
        return topics;
    }

    /** When the present target was computed, ms since the epoch. */
    long changedAtMs() {
        return changedAtMs;
    }
}
