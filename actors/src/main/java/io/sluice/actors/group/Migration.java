package io.sluice.actors.group;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;

/**
 * How a group that has members goes from one protocol to the other (KIP-848): when it may, and the events that make the new membership of the old one.
 * Nothing changes hands with it: whoever has a partition, has it afterwards.
 */
final class Migration {

    private Migration() {
    }

    // ---- upgrade

    /** Whether a member of the consumer protocol may join a group of classic members. */
    static boolean mayBecomeConsumer(ClassicGroup group, ConsumerGroupSettings settings) {
        return settings.migrationPolicy().allowsUpgrade() && group.protocolType().equals(EmbeddedProtocol.TYPE)
                && group.members().size() <= settings.maxSize();
    }

    /**
     * The group of the consumer protocol with the members and the assignment of a classic one. Whoever waits for that one's rebalance has to join anew.
     *
     * @throws InconsistentGroupProtocolException if a member's metadata or assignment cannot be read
     */
    static List<GroupEvent.OfConsumerGroup> toConsumer(String groupId, ClassicGroup from, ClusterImage image,
            long now) {
        Map<String, Partitions> assigned = new HashMap<>();
        Partitions allAssigned = Partitions.NONE;
        for (Member m : from.members()) {
            Partitions part = EmbeddedProtocol.assignment(m.assignment, image);
            assigned.put(m.id, part);
            allAssigned = allAssigned.plus(part);
        }
        List<ConsumerMember> members = new ArrayList<>();
        for (Member m : from.members()) {
            members.add(member(m, from.generation(), assigned.get(m.id), allAssigned, image));
        }
        List<GroupEvent.OfConsumerGroup> events = new ArrayList<>();
        members.forEach(m -> events.add(new GroupEvent.ConsumerMemberChanged(groupId, m)));
        events.add(GroupEvent.TargetAssigned.of(groupId, from.generation(), "",
                new SubscribedTopics(image).sizes(members), assigned, now));
        return events;
    }

    private static ConsumerMember member(Member m, int generation, Partitions assigned, Partitions allAssigned,
            ClusterImage image) {
        ClassicClient client = m.asClient();
        EmbeddedProtocol.Subscribed subscribed = EmbeddedProtocol.subscription(client.preferred().metadata(), image);
        // one that was not told its new assignment yet still has what it had when it joined
        Partitions revoking = m.synced ? Partitions.NONE : subscribed.owned().minus(allAssigned);
        return new ConsumerMember(m.id, m.instanceId, subscribed.rackId(), m.clientId, m.clientHost,
                m.rebalanceTimeoutMs, subscribed.subscription(),
                new MemberAssignment(generation, generation, assigned, revoking), client);
    }

    // ---- downgrade

    /** Whether all that are left are classic members, and the group shall be theirs. */
    static boolean isToClassic(ConsumerGroupState group, GroupSettings settings) {
        return !group.members().isEmpty() && group.members().stream().allMatch(ConsumerMember::isClassic)
                && settings.consumer().migrationPolicy().allowsDowngrade()
                && group.members().size() <= settings.maxSize();
    }

    /**
     * The generation of the classic group with the members of one of the consumer protocol. It has a leader, and holds, if everybody has what he should;
     * otherwise the members have to share anew.
     */
    static GroupEvent.GenerationCompleted toClassic(String groupId, ConsumerGroupState from, ClusterImage image) {
        boolean holds = from.members().stream().allMatch(from::isReconciled)
                && TargetAssignment.compute(from, image).changedFrom(from).isEmpty();
        ClassicMembers members = new ClassicMembers();
        from.members().forEach(m -> members.add(Member.migrated(m, EmbeddedProtocol.assignment(m.current().held(),
                m.classic().preferred().metadata(), image))));
        String protocol = members.selectProtocol();
        String leader = holds ? members.all().iterator().next().id : null;
        return new GroupEvent.GenerationCompleted(groupId, from.epoch(), EmbeddedProtocol.TYPE, protocol, leader,
                members.all().stream().map(m -> m.stored(protocol)).toList());
    }
}
