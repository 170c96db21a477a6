package io.sluice.actors.group;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The coordinators as actors: events reach the disk, and a restart brings them back. */
class LocalGroupsTest {
    private static final String GROUP = "orders";

    @TempDir
    Path directory;

    @Test
    void shouldKeepMembersAndOffsetsAcrossARestart() throws Exception {
        JoinGroupResponseData member;
        try (Node node = new Node(directory)) {
            member = node.stableMember();
            assertThat(node.commit(member, 42)).isEqualTo(Errors.NONE);
        }
        try (Node node = new Node(directory)) {
            assertThat(get(node.groups.offsets(GROUP, "", -1)).offsets()).extracting(CommittedOffset::offset)
                    .containsExactly(42L);
            assertThat(node.heartbeat(member)).isEqualTo(Errors.NONE);
            assertThat(get(node.groups.list())).singleElement().satisfies(g -> {
                assertThat(g.groupId()).isEqualTo(GROUP);
                assertThat(g.groupState()).isEqualTo("Stable");
            });
        }
    }

    @Test
    void shouldEndASessionByItsOwnClock() throws Exception {
        try (Node node = new Node(directory)) {
            JoinGroupResponseData member = node.stableMember();
            node.commit(member, 42); // a group with neither members nor offsets is forgotten

            await().atMost(Duration.ofSeconds(20)).untilAsserted(
                    () -> assertThat(get(node.groups.describe(GROUP)).groupState()).isEqualTo("Empty"));

            assertThat(node.heartbeat(member)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        }
    }

    @Test
    void shouldAnswerWaitingMembersWhenTheNodeStops() throws Exception {
        CompletionStage<JoinGroupResponseData> waiting;
        try (Node node = new Node(directory)) {
            node.stableMember();
            waiting = node.join((short) 3);
            assertThat(get(node.groups.describe(GROUP)).groupState()).isEqualTo("PreparingRebalance");
        }

        assertThat(get(waiting).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    }

    @Test
    void shouldKeepMembersOfTheConsumerProtocolAcrossARestart() throws Exception {
        ConsumerGroupHeartbeatRequestData join = new ConsumerGroupHeartbeatRequestData().setGroupId(GROUP)
                .setMemberId("m").setInstanceId("i").setRebalanceTimeoutMs(60_000).setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of());
        GroupClient client = new GroupClient("client", "/127.0.0.1");
        DescribedGroup before;
        try (Node node = new Node(directory)) {
            assertThat(get(node.groups.consumerHeartbeat(join, client)).memberEpoch()).isEqualTo(1);
            before = get(node.groups.describeConsumer(GROUP));
            assertThat(before.members().get(0).assignment().topicPartitions().get(0).partitions()).hasSize(50);
        }
        try (Node node = new Node(directory)) {
            assertThat(get(node.groups.describeConsumer(GROUP))).isEqualTo(before);
            assertThat(get(node.groups.consumerHeartbeat(new ConsumerGroupHeartbeatRequestData().setGroupId(GROUP)
                    .setMemberId("m").setMemberEpoch(1), client)).errorCode()).isZero();
        }
    }

    @Test
    void shouldRefuseGroupsOfOtherNodesAndEmptyIds() throws Exception {
        try (Node node = new Node(directory)) {
            assertThat(get(node.groups.offsets("", "", -1)).error()).isEqualTo(Errors.INVALID_GROUP_ID);
            node.selfId = 7;
            assertThat(get(node.groups.offsets(GROUP, "", -1)).error()).isEqualTo(Errors.NOT_COORDINATOR);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A cluster of one, with the journal of the persistence module. */
    private static final class Node implements AutoCloseable {
        private static final GroupSettings SETTINGS = new GroupSettings(50, (short) 3, Duration.ofMillis(100),
                Duration.ofMinutes(30), Duration.ZERO, 10, Duration.ofDays(7), 100,
                ConsumerGroupSettings.DEFAULT);

        private static final TopicImage OFFSETS = new TopicImage(Uuid.randomUuid(), "__consumer_offsets",
                Collections.nCopies(50, List.of(0)), Map.of());

        final ActorSystem<Void> system;
        final Cluster cluster;
        final LocalGroups groups;
        volatile int selfId;

        Node(Path directory) {
            system = ActorSystem.create(Behaviors.empty(), "sluice", ConfigFactory.parseString("""
                    pekko.loglevel = WARNING
                    pekko.actor.provider = cluster
                    pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.coordinated-shutdown.exit-jvm = off
                    pekko.persistence.journal.plugin = "sluice.persistence.journal"
                    pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                    """).withFallback(ConfigFactory.parseMap(Map.of("sluice.persistence.dir", directory.toString())))
                    .withFallback(ConfigFactory.load()));
            cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            groups = LocalGroups.start(Adapter.toClassic(system), controller(), SETTINGS, Clock.systemUTC());
        }

        private ClusterImage image() {
            return (ClusterImage) Proxy.newProxyInstance(ClusterImage.class.getClassLoader(),
                    new Class<?>[]{ClusterImage.class}, (proxy, method, args) -> switch (method.getName()) {
                        case "nodes" -> Map.of(0, new NodeImage(0, "d", "127.0.0.1", 9092, null,
                                cluster.selfMember().address().toString(), true));
                        case "topic" -> Optional.of(OFFSETS);
                        case "version" -> 1L;
                        case "groupConfigs" -> Map.of();
                        case "leader" -> 0;
                        case "selfId" -> selfId;
                        default -> throw new AssertionError(method);
                    });
        }

        private Controller controller() {
            return (Controller) Proxy.newProxyInstance(Controller.class.getClassLoader(),
                    new Class<?>[]{Controller.class}, (proxy, method, args) -> switch (method.getName()) {
                        case "image" -> image();
                        default -> throw new AssertionError(method);
                    });
        }

        CompletionStage<JoinGroupResponseData> join(short version) {
            JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(GROUP).setProtocolType("consumer")
                    .setSessionTimeoutMs(3000).setRebalanceTimeoutMs(60_000);
            request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[]{1}));
            return groups.join(request, new GroupClient("client", "/127.0.0.1", version));
        }

        JoinGroupResponseData stableMember() throws Exception {
            JoinGroupResponseData joined = get(join((short) 3));
            assertThat(joined.errorCode()).isZero();
            get(groups.sync(new SyncGroupRequestData().setGroupId(GROUP).setMemberId(joined.memberId())
                    .setGenerationId(joined.generationId()).setAssignments(List.of(new SyncGroupRequestAssignment()
                            .setMemberId(joined.memberId()).setAssignment(new byte[]{2})))));
            return joined;
        }

        Errors heartbeat(JoinGroupResponseData member) throws Exception {
            return Errors.forCode(get(groups.heartbeat(new HeartbeatRequestData().setGroupId(GROUP)
                    .setMemberId(member.memberId()).setGenerationId(member.generationId()))).errorCode());
        }

        Errors commit(JoinGroupResponseData member, long offset) throws Exception {
            return Errors.forCode(get(groups.commit(new OffsetCommitRequestData().setGroupId(GROUP)
                    .setMemberId(member.memberId()).setGenerationIdOrMemberEpoch(member.generationId())
                    .setTopics(List.of(new OffsetCommitRequestTopic().setName("t").setTopicId(GroupDriver.TOPIC_ID)
                            .setPartitions(List.of(new OffsetCommitRequestPartition().setPartitionIndex(0)
                                    .setCommittedOffset(offset)))))))
                    .topics().get(0).partitions().get(0).errorCode());
        }

        @Override
        public void close() {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
