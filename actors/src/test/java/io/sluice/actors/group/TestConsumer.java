package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A client of the consumer protocol: takes at once what it is given, and gives up what it is told to after as many heartbeats as it is slow. */
final class TestConsumer {
    private final GroupDriver group;
    String id = Uuid.randomUuid().toString();
    String instanceId;
    List<String> topics;
    String regex;
    String assignor;
    int epoch;
    /** What it reads now. */
    Partitions owned = Partitions.NONE;
    /** Heartbeats between being told to let go and doing so. */
    int slowness;
    private boolean unsaid;
    /** What it shall have once it has let go, or null. */
    private Partitions ahead;
    private int beatsLeft;

    TestConsumer(GroupDriver group, String... topics) {
        this.group = group;
        this.topics = List.of(topics);
    }

    TestConsumer instance(String name) {
        instanceId = name;
        return this;
    }

    TestConsumer assignor(String name) {
        assignor = name;
        return this;
    }

    TestConsumer pattern(String expression) {
        topics = null;
        regex = expression;
        return this;
    }

    /** One heartbeat, the first one of which joins. The client does what the answer says. */
    Errors beat() {
        ConsumerGroupHeartbeatResponseData answer = exchange();
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.FENCED_MEMBER_EPOCH || error == Errors.UNKNOWN_MEMBER_ID) {
            crash();
        }
        if (error == Errors.NONE) {
            obey(answer);
        }
        return error;
    }

    /** A heartbeat whose answer is lost. */
    ConsumerGroupHeartbeatResponseData exchange() {
        ConsumerGroupHeartbeatRequestData r = new ConsumerGroupHeartbeatRequestData().setMemberId(id)
                .setMemberEpoch(epoch).setInstanceId(instanceId);
        if (epoch == Epochs.JOIN) {
            r.setRebalanceTimeoutMs(60_000).setSubscribedTopicNames(topics).setSubscribedTopicRegex(regex)
                    .setServerAssignor(assignor).setTopicPartitions(List.of());
        } else if (unsaid) {
            r.setTopicPartitions(said());
        }
        return group.consumerHeartbeat(r).join();
    }

    void obey(ConsumerGroupHeartbeatResponseData answer) {
        epoch = answer.memberEpoch();
        unsaid = false;
        if (answer.assignment() != null) {
            Map<Uuid, List<Integer>> given = new HashMap<>();
            answer.assignment().topicPartitions().forEach(t -> given.put(t.topicId(), t.partitions()));
            ahead = Partitions.of(given);
            beatsLeft = ahead.containsAll(owned) ? 0 : slowness;
        }
        if (ahead != null && beatsLeft-- == 0) {
            owned = ahead;
            ahead = null;
            unsaid = true;
        }
    }

    /** Asks for other topics. */
    Errors subscribe(String... names) {
        topics = List.of(names);
        ConsumerGroupHeartbeatResponseData answer = group.consumerHeartbeat(new ConsumerGroupHeartbeatRequestData()
                .setMemberId(id).setMemberEpoch(epoch).setSubscribedTopicNames(topics)).join();
        obey(answer);
        return Errors.forCode(answer.errorCode());
    }

    /** Says everything, as a client does that lost an answer. */
    Errors beatInFull() {
        ConsumerGroupHeartbeatResponseData answer = group.consumerHeartbeat(new ConsumerGroupHeartbeatRequestData()
                .setMemberId(id).setMemberEpoch(epoch).setInstanceId(instanceId).setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(topics).setSubscribedTopicRegex(regex).setTopicPartitions(said())).join();
        if (answer.errorCode() == 0) {
            obey(answer);
        }
        return Errors.forCode(answer.errorCode());
    }

    private List<ConsumerGroupHeartbeatRequestData.TopicPartitions> said() {
        List<ConsumerGroupHeartbeatRequestData.TopicPartitions> said = new ArrayList<>();
        owned.topics().forEach(t -> said.add(new ConsumerGroupHeartbeatRequestData.TopicPartitions().setTopicId(t)
                .setPartitions(owned.of(t))));
        return said;
    }

    Errors leave() {
        return leave(Epochs.LEAVE);
    }

    Errors leave(int how) {
        owned = Partitions.NONE;
        return Errors.forCode(group.consumerHeartbeat(new ConsumerGroupHeartbeatRequestData().setMemberId(id)
                .setMemberEpoch(how).setInstanceId(instanceId)).join().errorCode());
    }

    /** Loses everything but its name. */
    void crash() {
        owned = Partitions.NONE;
        epoch = Epochs.JOIN;
        ahead = null;
        unsaid = false;
    }
}
