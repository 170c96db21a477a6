package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;

/**
 * The coordinators of this node: one sharded persistent actor per partition of {@code __consumer_offsets}. A group belongs to the partition that
 * Kafka's tools compute for it.
 */
public final class LocalGroups implements Groups {
    private static final EntityTypeKey<GroupCommand> TYPE = EntityTypeKey.create(GroupCommand.class,
            "group-coordinator");
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final Supplier<ClusterImage> image;
    private final GroupSettings settings;
    private final ActorRef<ShardingEnvelope<GroupCommand>> region;
    private final Map<Integer, Outstanding> outstanding = new ConcurrentHashMap<>();

    private LocalGroups(ActorSystem<?> system, Supplier<ClusterImage> image, GroupSettings settings, Clock clock) {
        this.image = image;
        this.settings = settings;
        this.region = ClusterSharding.get(system)
                .init(Entity.of(TYPE, context -> GroupCoordinator.create(
                        PersistenceId.ofUniqueId("__consumer_offsets-" + context.getEntityId()), settings, clock,
                        owed(Integer.parseInt(context.getEntityId())))));
    }

    /** Starts the coordinators' sharding on this node; coordinators themselves start at their first request. */
    public static LocalGroups start(ActorSystem<?> system, Supplier<ClusterImage> image, GroupSettings settings,
            Clock clock) {
        return new LocalGroups(system, image, settings, clock);
    }

    /** The coordinator partition of a group, as Kafka computes it. */
    static int indexOf(String groupId, int coordinators) {
        return (groupId.hashCode() & Integer.MAX_VALUE) % coordinators;
    }

    @Override
    public int coordinatorOf(String groupId) {
        ClusterImage now = image.get();
        List<Integer> alive = now.nodes().values().stream().filter(NodeImage::alive).map(NodeImage::id).sorted()
                .toList();
        return alive.isEmpty() ? -1 : alive.get(indexOf(groupId, settings.coordinators()) % alive.size());
    }

    @Override
    public CompletionStage<JoinGroupResponseData> join(JoinGroupRequestData r, GroupClient client) {
        Duration limit = ANSWER_LIMIT.plusMillis(Math.max(0, Member.rebalanceTimeout(r)) * 2L);
        return ask(r.groupId(), limit, (g, to, now, e) -> g.join(r, client, to, now, e),
                error -> ClassicGroup.joinError(r.memberId(), error));
    }

    @Override
    public CompletionStage<SyncGroupResponseData> sync(SyncGroupRequestData r) {
        // the leader may take its whole rebalance timeout; the group itself gives up before this does
        return ask(r.groupId(), settings.maxSessionTimeout(), (g, to, now, e) -> g.sync(r, to, now, e),
                error -> new SyncGroupResponseData().setErrorCode(error.code()));
    }

    @Override
    public CompletionStage<HeartbeatResponseData> heartbeat(HeartbeatRequestData r) {
        return ask(r.groupId(), ANSWER_LIMIT, (g, to, now, e) -> g.heartbeat(r, to, now, e),
                error -> new HeartbeatResponseData().setErrorCode(error.code()));
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> leave(LeaveGroupRequestData r) {
        return ask(r.groupId(), ANSWER_LIMIT, (g, to, now, e) -> g.leave(r, to, now, e),
                error -> new LeaveGroupResponseData().setErrorCode(error.code()));
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> commit(OffsetCommitRequestData r) {
        return ask(r.groupId(), ANSWER_LIMIT, (g, to, now, e) -> g.commit(r, to, now, e), error -> failed(r, error));
    }

    @Override
    public CompletionStage<Offsets> offsets(String groupId) {
        return ask(groupId, ANSWER_LIMIT,
                (g, to, now, e) -> e.answer(to, new Offsets(Errors.NONE, g.offsets(groupId))),
                error -> new Offsets(error, List.of()));
    }

    @Override
    public CompletionStage<Errors> deleteOffsets(String groupId, Set<TopicPartition> partitions) {
        List<GroupEvent.TopicPartitionKey> keys = partitions.stream()
                .map(p -> new GroupEvent.TopicPartitionKey(p.topic(), p.partition())).toList();
        return ask(groupId, ANSWER_LIMIT, (g, to, now, e) -> e.answer(to, g.deleteOffsets(groupId, keys, e)),
                Function.identity());
    }

    @Override
    public CompletionStage<List<ListedGroup>> list() {
        List<CompletableFuture<List<ListedGroup>>> parts = new ArrayList<>();
        for (int i = 0; i < settings.coordinators(); i++) {
            parts.add(send(i, ANSWER_LIMIT, (g, to, now, e) -> e.answer(to, g.list()), error -> List.of()));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> parts.stream().flatMap(p -> p.join().stream()).toList());
    }

    @Override
    public CompletionStage<DescribedGroup> describe(String groupId) {
        return ask(groupId, ANSWER_LIMIT, (g, to, now, e) -> {
            DescribedGroup described = g.describe(groupId);
            e.answer(to, described != null ? described : undescribed(groupId, Errors.GROUP_ID_NOT_FOUND));
        }, error -> undescribed(groupId, error));
    }

    private static DescribedGroup undescribed(String groupId, Errors error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    @Override
    public CompletionStage<Map<String, Errors>> delete(List<String> groupIds) {
        Map<String, CompletableFuture<Errors>> parts = new LinkedHashMap<>();
        for (String id : groupIds) {
            parts.computeIfAbsent(id, group -> ask(group, ANSWER_LIMIT,
                    (g, to, now, e) -> e.answer(to, g.delete(group, e)), Function.identity()));
        }
        return CompletableFuture.allOf(parts.values().toArray(CompletableFuture[]::new)).thenApply(done -> {
            Map<String, Errors> result = new LinkedHashMap<>();
            parts.forEach((id, error) -> result.put(id, error.join()));
            return result;
        });
    }

    private static OffsetCommitResponseData failed(OffsetCommitRequestData r, Errors error) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        r.topics().forEach(t -> {
            OffsetCommitResponseTopic topic = new OffsetCommitResponseTopic().setName(t.name()).setTopicId(t.topicId());
            t.partitions().forEach(p -> topic.partitions().add(new OffsetCommitResponsePartition()
                    .setPartitionIndex(p.partitionIndex()).setErrorCode(error.code())));
            response.topics().add(topic);
        });
        return response;
    }

    private <T> CompletableFuture<T> ask(String groupId, Duration limit, GroupCommand.Decision<T> decision,
            Function<Errors, T> failed) {
        if (groupId.isEmpty()) {
            return CompletableFuture.completedFuture(failed.apply(Errors.INVALID_GROUP_ID));
        }
        if (coordinatorOf(groupId) != image.get().selfId()) {
            return CompletableFuture.completedFuture(failed.apply(Errors.NOT_COORDINATOR));
        }
        return send(indexOf(groupId, settings.coordinators()), limit, decision, failed);
    }

    private <T> CompletableFuture<T> send(int index, Duration limit, GroupCommand.Decision<T> decision,
            Function<Errors, T> failed) {
        GroupCommand.Request<T> request = new GroupCommand.Request<>(decision, new CompletableFuture<>(), failed);
        CompletableFuture<T> answer = owed(index).add(request, limit);
        region.tell(new ShardingEnvelope<>(Integer.toString(index), request));
        return answer;
    }

    private Outstanding owed(int index) {
        return outstanding.computeIfAbsent(index, i -> new Outstanding());
    }
}
