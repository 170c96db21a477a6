package io.sluice.actors.group;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** A client of the classic protocol that reads one topic: an eager one gives everything up before it joins, a cooperative one what it is not assigned. */
final class TestClassicConsumer {
    private final GroupDriver group;
    private final boolean cooperative;
    private final String topic;
    String id = "";
    String instanceId;
    int generation = -1;
    /** What it reads now. */
    Partitions owned = Partitions.NONE;
    private boolean mustJoin = true;
    private CompletableFuture<JoinGroupResponseData> joining;
    private CompletableFuture<SyncGroupResponseData> syncing;

    TestClassicConsumer(GroupDriver group, boolean cooperative, String topic) {
        this.group = group;
        this.cooperative = cooperative;
        this.topic = topic;
    }

    static TestClassicConsumer eager(GroupDriver group) {
        return new TestClassicConsumer(group, false, "t");
    }

    static TestClassicConsumer cooperative(GroupDriver group) {
        return new TestClassicConsumer(group, true, "t");
    }

    TestClassicConsumer instance(String name) {
        instanceId = name;
        return this;
    }

    /** Its next step: a heartbeat, or what it has to do to be in the group. The error of the answer, NONE if there is none yet. */
    Errors beat() {
        if (syncing != null) {
            return synced();
        }
        if (joining != null) {
            return joined();
        }
        if (mustJoin) {
            return join();
        }
        Errors error = group.heartbeat(id, instanceId, generation);
        obey(error);
        return error;
    }

    private Errors join() {
        mustJoin = false;
        if (!cooperative) {
            owned = Partitions.NONE;
        }
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        Subscription subscription = new Subscription(List.of(topic), null, named(owned), generation,
                Optional.empty());
        protocols.add(new JoinGroupRequestProtocol().setName(cooperative ? "cooperative-sticky" : "range")
                .setMetadata(Utils.toArray(ConsumerProtocol.serializeSubscription(subscription))));
        joining = group.join(id, instanceId, protocols);
        return joined();
    }

    private Errors joined() {
        if (!joining.isDone()) {
            return Errors.NONE;
        }
        JoinGroupResponseData answer = joining.join();
        joining = null;
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.MEMBER_ID_REQUIRED) {
            id = answer.memberId();
            return join();
        }
        if (error != Errors.NONE) {
            obey(error);
            mustJoin = true;
            return error;
        }
        id = answer.memberId();
        generation = answer.generationId();
        syncing = group.sync(id, instanceId, generation,
                answer.leader().equals(id) ? assignments(answer) : List.<SyncGroupRequestAssignment>of());
        return synced();
    }

    private Errors synced() {
        if (!syncing.isDone()) {
            return Errors.NONE;
        }
        SyncGroupResponseData answer = syncing.join();
        syncing = null;
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            obey(error);
            mustJoin = true;
            return error;
        }
        Partitions assigned = EmbeddedProtocol.assignment(answer.assignment(), group.topics.image());
        mustJoin = !assigned.containsAll(owned);
        owned = assigned;
        return Errors.NONE;
    }

    private void obey(Errors error) {
        switch (error) {
            case REBALANCE_IN_PROGRESS -> mustJoin = true;
            case UNKNOWN_MEMBER_ID -> {
                lost();
                id = "";
            }
            case ILLEGAL_GENERATION -> lost();
            default -> {
                // nothing to do
            }
        }
    }

    private void lost() {
        owned = Partitions.NONE;
        generation = -1;
        mustJoin = true;
    }

    /** The leader's: everybody gets as many, but for what somebody else has not given up yet. */
    private List<SyncGroupRequestAssignment> assignments(JoinGroupResponseData joined) {
        Map<String, List<TopicPartition>> claims = new TreeMap<>();
        joined.members().forEach(m -> claims.put(m.memberId(), ConsumerProtocol
                .deserializeSubscription(ByteBuffer.wrap(m.metadata())).ownedPartitions()));
        Map<TopicPartition, String> owners = new HashMap<>();
        claims.forEach((member, claimed) -> claimed.forEach(p -> owners.put(p, member)));
        List<String> members = List.copyOf(claims.keySet());
        Map<String, List<TopicPartition>> given = new TreeMap<>();
        members.forEach(m -> given.put(m, new ArrayList<>()));
        for (int p = 0; p < group.topics.image().topic(topic).orElseThrow().partitionCount(); p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            String to = members.get(p % members.size());
            if (owners.getOrDefault(partition, to).equals(to)) {
                given.get(to).add(partition);
            }
        }
        return given.entrySet().stream().map(e -> new SyncGroupRequestAssignment().setMemberId(e.getKey())
                .setAssignment(Utils.toArray(ConsumerProtocol.serializeAssignment(new Assignment(e.getValue())))))
                .toList();
    }

    private List<TopicPartition> named(Partitions partitions) {
        List<TopicPartition> named = new ArrayList<>();
        partitions.forEach((id, p) -> named.add(new TopicPartition(topic, p)));
        return named;
    }

    Errors leave() {
        owned = Partitions.NONE;
        return group.leave(id, instanceId);
    }

    /** The coordinator is gone with the requests it had. */
    void connectionLost() {
        mustJoin |= joining != null || syncing != null;
        joining = null;
        syncing = null;
    }
}
