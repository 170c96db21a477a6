package io.sluice.actors.group;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.config.MigrationPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Drives a registry by hand: a clock to turn, every stored event kept, a crash at will. */
final class GroupDriver {
    static final String GROUP = "g";
    static final Uuid TOPIC_ID = Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ");

    final List<GroupEvent> stored = new ArrayList<>();
    final TestTopics topics = new TestTopics();
    GroupSettings settings = new GroupSettings(50, (short) 3, Duration.ofSeconds(6), Duration.ofMinutes(30),
            Duration.ZERO, 10,
            Duration.ofDays(7), 100, ConsumerGroupSettings.DEFAULT);
    GroupRegistry registry = new GroupRegistry(settings, topics::image);
    short joinVersion = 9;
    long now = 1_000_000;

    void settings(GroupSettings changed) {
        settings = changed;
        registry = new GroupRegistry(changed, topics::image);
    }

    void migrationPolicy(MigrationPolicy policy) {
        settings(new GroupSettings(settings.coordinators(), settings.replicationFactor(), settings.minSessionTimeout(),
                settings.maxSessionTimeout(), settings.initialRebalanceDelay(), settings.maxSize(),
                settings.offsetsRetention(), settings.maxMetadataBytes(),
                new ConsumerGroupSettings(settings.consumer().sessionTimeout(),
                        settings.consumer().heartbeatInterval(), settings.consumer().maxSize(), policy)));
    }

    /** What is stored gives way to a snapshot of the present state. */
    void becomeSnapshot() {
        List<GroupEvent> snapshot = registry.toEvents();
        stored.clear();
        stored.addAll(snapshot);
    }

    /** The coordinator dies and recovers from what was stored. */
    void crash() {
        registry = new GroupRegistry(settings, topics::image);
        stored.forEach(registry::apply);
        registry.recovered(now);
    }

    /** A request of the consumer protocol. */
    CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(ConsumerGroupHeartbeatRequestData request) {
        CompletableFuture<ConsumerGroupHeartbeatResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.consumerHeartbeat(request.setGroupId(GROUP), new GroupClient("client", "/127.0.0.1"), to, now,
                effects);
        settle(effects);
        return to;
    }

    private void settle(Effects effects) {
        stored.addAll(effects.events());
        effects.release();
    }

    void pass(Duration time) {
        now += time.toMillis();
        Effects effects = new Effects();
        registry.onTime(now, effects);
        settle(effects);
    }

    void expireOffsets() {
        Effects effects = new Effects();
        registry.expireOffsets(now, effects);
        settle(effects);
    }

    CompletableFuture<JoinGroupResponseData> join(String memberId, String instanceId, String... protocols) {
        JoinGroupRequestProtocolCollection supported = new JoinGroupRequestProtocolCollection();
        for (String p : protocols) {
            String[] nameAndMetadata = p.split("=", 2);
            supported.add(new JoinGroupRequestProtocol().setName(nameAndMetadata[0])
                    .setMetadata(bytes(nameAndMetadata.length > 1 ? nameAndMetadata[1] : "")));
        }
        return join(memberId, instanceId, supported);
    }

    CompletableFuture<JoinGroupResponseData> join(String memberId, String instanceId,
            JoinGroupRequestProtocolCollection supported) {
        CompletableFuture<JoinGroupResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.join(new JoinGroupRequestData().setGroupId(GROUP).setMemberId(memberId).setGroupInstanceId(instanceId)
                .setProtocolType("consumer").setProtocols(supported).setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(60_000), new GroupClient("client", "/127.0.0.1", joinVersion), to, now, effects);
        settle(effects);
        return to;
    }

    /** Joins as a new dynamic member does: is told its id, comes back with it. */
    CompletableFuture<JoinGroupResponseData> joinNew(String... protocols) {
        JoinGroupResponseData first = join("", null, protocols).join();
        if (first.errorCode() != Errors.MEMBER_ID_REQUIRED.code()) {
            throw new AssertionError("expected to be told an id, got " + first);
        }
        return join(first.memberId(), null, protocols);
    }

    CompletableFuture<SyncGroupResponseData> sync(JoinGroupResponseData joined, String... memberEqualsAssignment) {
        return sync(joined.memberId(), null, joined.generationId(), memberEqualsAssignment);
    }

    CompletableFuture<SyncGroupResponseData> sync(String memberId, String instanceId, int generation,
            String... memberEqualsAssignment) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (String a : memberEqualsAssignment) {
            String[] parts = a.split("=", 2);
            assignments.add(new SyncGroupRequestAssignment().setMemberId(parts[0]).setAssignment(bytes(parts[1])));
        }
        return sync(memberId, instanceId, generation, assignments);
    }

    CompletableFuture<SyncGroupResponseData> sync(String memberId, String instanceId, int generation,
            List<SyncGroupRequestAssignment> assignments) {
        CompletableFuture<SyncGroupResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.sync(new SyncGroupRequestData().setGroupId(GROUP).setMemberId(memberId).setGroupInstanceId(instanceId)
                .setGenerationId(generation).setAssignments(assignments), to, now, effects);
        settle(effects);
        return to;
    }

    /** A stable group of one; the member's join answer. */
    JoinGroupResponseData stableMember() {
        JoinGroupResponseData member = joinNew("range=m").join();
        sync(member, member.memberId() + "=p0").join();
        return member;
    }

    Errors heartbeat(String memberId, int generation) {
        return heartbeat(memberId, null, generation);
    }

    Errors heartbeat(String memberId, String instanceId, int generation) {
        CompletableFuture<HeartbeatResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.heartbeat(new HeartbeatRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setGroupInstanceId(instanceId).setGenerationId(generation), to, now, effects);
        settle(effects);
        return Errors.forCode(to.join().errorCode());
    }

    Errors leave(String memberId, String instanceId) {
        CompletableFuture<LeaveGroupResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.leave(new LeaveGroupRequestData().setGroupId(GROUP).setMembers(
                List.of(new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId))), to, now, effects);
        settle(effects);
        return Errors.forCode(to.join().members().get(0).errorCode());
    }

    Errors commit(String memberId, int generation, long offset) {
        return commit(memberId, generation, offset, "");
    }

    Errors commit(String memberId, int generation, long offset, String metadata) {
        CompletableFuture<OffsetCommitResponseData> to = new CompletableFuture<>();
        Effects effects = new Effects();
        registry.commit(new OffsetCommitRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName("t").setTopicId(TOPIC_ID).setPartitions(
                        List.of(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset)
                                .setCommittedMetadata(metadata))))),
                to, now, effects);
        settle(effects);
        return Errors.forCode(to.join().topics().get(0).partitions().get(0).errorCode());
    }

    List<Long> committed() {
        return registry.offsets(GROUP, "", -1).offsets().stream().map(CommittedOffset::offset).toList();
    }

    Errors deleteGroup() {
        Effects effects = new Effects();
        Errors error = registry.delete(GROUP, effects);
        settle(effects);
        return error;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
