package io.sluice.clusterconfig.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer group at one moment: who is in it, who reads what, and how far it is.
 *
 * @param committed the group's offsets
 * @param ends where the partitions end; those that nobody can tell are left out
 */
record GroupView(ConsumerGroupDescription group, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {

    /** For people: the group, its partitions, its members. */
    String toText() {
        String text = "group " + group.groupId() + ": " + group.groupState() + ", " + group.type() + " protocol, "
                + (group.partitionAssignor().isEmpty() ? "" : "assignor " + group.partitionAssignor() + ", ")
                + (group.coordinator() == null ? "" : "coordinator node " + group.coordinator().id() + ", ")
                + group.members().size() + " member(s), lag " + lag() + "\n" + partitions().toText();
        return group.members().isEmpty() ? text : text + members().toText();
    }

    /** For programs: one object. */
    String toJson() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", group.groupId());
        object.put("state", group.groupState().toString());
        object.put("type", group.type().toString());
        object.put("assignor", group.partitionAssignor());
        object.put("coordinator", group.coordinator() == null ? null : group.coordinator().id());
        object.put("lag", lag());
        object.put("partitions", partitions().toObjects());
        object.put("members", members().toObjects());
        return Table.json(object);
    }

    /** Records that the group has not read yet, of the partitions with a committed offset. */
    long lag() {
        return committed.keySet().stream().map(this::lag).filter(lag -> lag != null).mapToLong(Long::longValue).sum();
    }

    /** Never below zero: the end was asked first, and the group may be faster. */
    private Long lag(TopicPartition partition) {
        Long offset = committed.get(partition);
        Long end = ends.get(partition);
        return offset == null || end == null ? null : (Long) Math.max(0, end - offset);
    }

    private Table partitions() {
        Map<TopicPartition, MemberDescription> owners = new HashMap<>();
        group.members().forEach(member -> member.assignment().topicPartitions()
                .forEach(partition -> owners.put(partition, member)));
        Set<TopicPartition> all = new TreeSet<>(Offsets.IN_ORDER);
        all.addAll(committed.keySet());
        all.addAll(owners.keySet());
        Table table = new Table("topic", "partition", "committed", "end offset", "lag", "member");
        for (TopicPartition partition : all) {
            MemberDescription owner = owners.get(partition);
            table.row(partition.topic(), partition.partition(), committed.get(partition), ends.get(partition),
                    lag(partition), owner == null ? null : owner.consumerId());
        }
        return table;
    }

    private Table members() {
        Table table = new Table("member", "client", "host", "instance", "partitions");
        List<MemberDescription> members = new ArrayList<>(group.members());
        members.sort(Comparator.comparing(MemberDescription::consumerId));
        members.forEach(member -> table.row(member.consumerId(), member.clientId(), member.host(),
                member.groupInstanceId().orElse(null), member.assignment().topicPartitions().size()));
        return table;
    }
}
