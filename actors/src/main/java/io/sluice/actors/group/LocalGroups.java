package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.placement.Placement;
import io.sluice.actors.partition.PartitionWriters;
import io.sluice.actors.sharding.ReplicaSharding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;

/**
 * The coordinators of this node: one sharded persistent actor per partition of {@code __consumer_offsets} that this node leads. A group belongs to
 * the partition that Kafka's tools compute for it.
 */
public final class LocalGroups implements Groups, PartitionWriters {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration WAKE_INTERVAL = Duration.ofMillis(200);

    private final Supplier<ClusterImage> image;
    private final GroupSettings settings;
    private final OffsetsTopic offsetsTopic;
    private final ActorRef region;
    private final Map<String, Outstanding> outstanding = new ConcurrentHashMap<>();
    /** The shard in which each coordinator was last asked something. */
    private final Map<String, String> shards = new ConcurrentHashMap<>();
    private volatile boolean ended;

    private LocalGroups(ActorSystem system, Controller controller, GroupSettings settings, Clock clock) {
        this.image = controller::image;
        this.settings = settings;
        this.offsetsTopic = new OffsetsTopic(controller, settings);
        this.region = ReplicaSharding.start(system, "group-coordinator", coordinators(settings, clock), image,
                PoisonPill.getInstance());
    }

    /** Starts the coordinators' sharding on this node; coordinators themselves start at their first request. */
    public static LocalGroups start(ActorSystem system, Controller controller, GroupSettings settings, Clock clock) {
        LocalGroups groups = new LocalGroups(system, controller, settings, clock);
        system.scheduler().scheduleWithFixedDelay(WAKE_INTERVAL, WAKE_INTERVAL, groups::lookAfter, system.dispatcher());
        system.getWhenTerminated().thenRun(groups::end);
        return groups;
    }

    private Props coordinators(GroupSettings limits, Clock clock) {
        return Adapter.props(() -> Behaviors.<GroupCommand>setup(context -> {
            String id = URLDecoder.decode(context.getSelf().path().name(), StandardCharsets.UTF_8);
            return GroupCoordinator.create(PersistenceId.ofUniqueId(id), limits, image, clock, owed(id));
        }));
    }

    /** The coordinator partition of a group, as Kafka computes it. */
    static int indexOf(String groupId, int coordinators) {
        return (groupId.hashCode() & Integer.MAX_VALUE) % coordinators;
    }

    @Override
    public int coordinatorOf(String groupId) {
        ClusterImage now = image.get();
        Optional<TopicImage> topic = OffsetsTopic.in(now);
        if (topic.isEmpty()) {
            offsetsTopic.create();
        }
        return topic.map(t -> now.leader(t, indexOf(groupId, t.partitionCount()))).orElse(-1);
    }

    @Override
    public CompletionStage<JoinGroupResponseData> join(JoinGroupRequestData r, GroupClient client) {
        Duration limit = ANSWER_LIMIT.plusMillis(Math.max(0, Member.rebalanceTimeout(r)) * 2L);
        return ask(r.groupId(), limit, (g, to, now, e) -> g.join(r, client, to, now, e),
                error -> ClassicAnswers.joinError(r.memberId(), error));
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
    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(ConsumerGroupHeartbeatRequestData r,
            GroupClient client) {
        return ask(r.groupId(), ANSWER_LIMIT, (g, to, now, e) -> g.consumerHeartbeat(r, client, to, now, e),
                error -> ConsumerAnswers.refused(error, error.message()));
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
    public CompletionStage<Offsets> offsets(String groupId, String memberId, int memberEpoch) {
        return ask(groupId, ANSWER_LIMIT,
                (g, to, now, e) -> e.answer(to, g.offsets(groupId, memberId, memberEpoch)),
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
        ClusterImage now = image.get();
        List<CompletableFuture<List<ListedGroup>>> parts = new ArrayList<>();
        OffsetsTopic.in(now).ifPresent(topic -> {
            for (int i = 0; i < topic.partitionCount(); i++) {
                if (now.leader(topic, i) == now.selfId()) {
                    parts.add(send(topic, i, ANSWER_LIMIT, (g, to, at, e) -> e.answer(to, g.list()),
                            error -> List.of()));
                }
            }
        });
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> parts.stream().flatMap(p -> p.join().stream()).toList());
    }

    @Override
    public CompletionStage<DescribedGroup> describe(String groupId) {
        return ask(groupId, ANSWER_LIMIT, (g, to, now, e) -> e.answer(to, g.describe(groupId)),
                error -> new DescribedGroup().setGroupId(groupId).setErrorCode(error.code()));
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponseData.DescribedGroup> describeConsumer(String groupId) {
        return ask(groupId, ANSWER_LIMIT, (g, to, now, e) -> e.answer(to, g.describeConsumer(groupId)),
                error -> new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId(groupId)
                        .setErrorCode(error.code()));
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
        ClusterImage now = image.get();
        TopicImage topic = OffsetsTopic.in(now).orElse(null);
        int index = topic == null ? -1 : indexOf(groupId, topic.partitionCount());
        if (topic == null || now.leader(topic, index) != now.selfId()) {
            return CompletableFuture.completedFuture(failed.apply(Errors.NOT_COORDINATOR));
        }
        return send(topic, index, limit, decision, failed);
    }

    private <T> CompletableFuture<T> send(TopicImage topic, int index, Duration limit,
            GroupCommand.Decision<T> decision, Function<Errors, T> failed) {
        String id = new PartitionRef(topic.id(), topic.name(), index).persistenceId();
        Outstanding owed = owed(id);
        CompletableFuture<T> answer = owed.add(new GroupCommand.Request<>(decision, failed,
                System.nanoTime() + limit.toNanos()));
        String shardId = Placement.shardId(topic.replicas().get(index));
        if (owed.wake() || !shardId.equals(shards.get(id))) {
            wake(id, shardId);
        }
        if (ended) { // read after the request was added, so that either it or the end sees the other
            owed.failWaiting();
        }
        return answer;
    }

    private void wake(String id, String shardId) {
        String before = shards.put(id, shardId);
        if (before != null && !before.equals(shardId)) {
            // its replicas have changed: two coordinators on one log would fence each other
            region.tell(new StopCoordinator(id, before), ActorRef.noSender());
        }
        region.tell(new WakeCoordinator(id, shardId), ActorRef.noSender());
    }

    /** All actors have stopped: answers what waits for them, and what comes later. */
    private void end() {
        ended = true;
        outstanding.values().forEach(Outstanding::failWaiting);
    }

    /**
     * Answers what is late, and wakes coordinators that requests wait for: a wake-up may have met one that was stopping, or that could not recover.
     */
    private void lookAfter() {
        ClusterImage now = image.get();
        long nanos = System.nanoTime();
        outstanding.forEach((id, owed) -> {
            owed.failLate(nanos);
            if (owed.isWaiting()) {
                PartitionRef ref = PartitionRef.ofPersistenceId(id).orElseThrow();
                Optional<TopicImage> led = now.topic(ref.topicId())
                        .filter(topic -> now.leader(topic, ref.partition()) == now.selfId());
                led.ifPresentOrElse(topic -> wake(id, Placement.shardId(topic.replicas().get(ref.partition()))),
                        owed::failWaiting);
            }
        });
    }

    @Override
    public boolean write(TopicImage topic) {
        return topic.name().equals(Topic.GROUP_METADATA_TOPIC_NAME);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the request is there to have the coordinator start
    public void start(TopicImage topic, PartitionRef ref) {
        this.<List<ListedGroup>>send(topic, ref.partition(), ANSWER_LIMIT, (g, to, now, e) -> e.answer(to, g.list()),
                error -> List.of());
    }

    @Override
    public void stop(PartitionRef ref) {
        String shardId = shards.remove(ref.persistenceId());
        if (shardId != null) {
            region.tell(new StopCoordinator(ref.persistenceId(), shardId), ActorRef.noSender());
        }
    }

    @Override
    public void stopOutside(PartitionRef ref, String shardId) {
        if (!shardId.equals(shards.get(ref.persistenceId()))) {
            stop(ref);
        }
    }

    private Outstanding owed(String id) {
        return outstanding.computeIfAbsent(id, i -> new Outstanding());
    }
}
