package io.sluice.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.group.CommittedOffset;
import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.message.ApiMessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each handler at each version, through the bytes of the wire both ways; what a group does is the business of GroupRegistryTest. */
class GroupHandlersTest {
    private static final TopicImage TOPIC = new TopicImage(Uuid.randomUuid(), "t", List.of(List.of(0), List.of(0)),
            Map.of());
    private static final Uuid EARLIER_ID = Uuid.randomUuid();

    private final List<ApiHandler> handlers = GroupHandlers.all(groups(), GroupHandlersTest::image);

    static Stream<Arguments> everyVersion() {
        return GroupHandlers.all(groups(), GroupHandlersTest::image).stream().flatMap(
                h -> Stream.iterate(h.minVersion(), v -> v <= h.maxVersion(), v -> (short) (v + 1))
                        .map(v -> Arguments.of(h.api(), v)));
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldAnswerEveryVersionInItsOwnForm(ApiKeys api, short version) {
        ApiMessage response = ask(api, version, request(api, version));

        switch (response) {
            case FindCoordinatorResponseData r -> {
                if (version < 4) {
                    assertThat(r.nodeId()).isZero();
                    assertThat(r.port()).isEqualTo(9092);
                } else {
                    assertThat(r.coordinators()).singleElement().satisfies(c -> {
                        assertThat(c.key()).isEqualTo("g");
                        assertThat(c.port()).isEqualTo(9092);
                    });
                }
            }
            case JoinGroupResponseData r -> assertThat(r.memberId()).isEqualTo("client-9");
            case SyncGroupResponseData r -> assertThat(r.assignment()).containsExactly(1, 2);
            case HeartbeatResponseData r -> assertThat(r.errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
            case LeaveGroupResponseData r -> {
                if (version < 3) {
                    assertThat(r.errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
                } else {
                    assertThat(r.errorCode()).isZero();
                    assertThat(r.members()).extracting(MemberResponse::errorCode)
                            .containsExactly(Errors.UNKNOWN_MEMBER_ID.code());
                }
            }
            case OffsetCommitResponseData r -> {
                assertThat(r.topics()).hasSize(2);
                assertThat(r.topics().get(0).partitions().get(0).errorCode()).isZero();
                assertThat(r.topics().get(0).partitions().get(1).errorCode())
                        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                assertThat(r.topics().get(1).partitions().get(0).errorCode()).isEqualTo(version < 10
                        ? Errors.UNKNOWN_TOPIC_OR_PARTITION.code()
                        : Errors.UNKNOWN_TOPIC_ID.code());
            }
            case OffsetFetchResponseData r -> assertOffsets(r, version);
            case OffsetDeleteResponseData r -> {
                assertThat(r.errorCode()).isZero();
                assertThat(r.topics().find("t").partitions().find(0).errorCode()).isZero();
                assertThat(r.topics().find("t").partitions().find(7).errorCode())
                        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
            }
            case ListGroupsResponseData r -> assertThat(r.groups()).extracting(ListedGroup::groupId)
                    .containsExactly("g");
            case DescribeGroupsResponseData r -> {
                DescribedGroup missing = r.groups().get(1);
                assertThat(r.groups().get(0).groupState()).isEqualTo("Stable");
                assertThat(missing.groupState()).isEqualTo("Dead");
                assertThat(missing.errorCode())
                        .isEqualTo(version < 6 ? Errors.NONE.code() : Errors.GROUP_ID_NOT_FOUND.code());
            }
            case ConsumerGroupHeartbeatResponseData r -> {
                assertThat(r.memberEpoch()).isEqualTo(7);
                assertThat(r.assignment().topicPartitions()).singleElement()
                        .satisfies(t -> assertThat(t.partitions()).containsExactly(0, 1));
            }
            case ConsumerGroupDescribeResponseData r -> {
                assertThat(r.groups()).extracting(g -> g.errorCode()).containsExactly(Errors.NONE.code(),
                        Errors.GROUP_ID_NOT_FOUND.code());
                assertThat(r.groups().get(0).groupEpoch()).isEqualTo(7);
            }
            case DeleteGroupsResponseData r -> assertThat(r.results().find("g").errorCode())
                    .isEqualTo(Errors.NON_EMPTY_GROUP.code());
            default -> throw new AssertionError("no expectation for " + response);
        }
    }

    private static void assertOffsets(OffsetFetchResponseData r, short version) {
        if (version < 8) {
            assertThat(r.topics().get(0).partitions().get(0).committedOffset()).isEqualTo(42);
            assertThat(r.topics().get(0).partitions().get(1).committedOffset()).isEqualTo(-1);
        } else {
            assertThat(r.groups().get(0).topics().get(0).partitions().get(0).committedOffset()).isEqualTo(42);
            assertThat(r.groups().get(0).topics().get(0).partitions().get(1).committedOffset()).isEqualTo(-1);
            assertThat(r.groups().get(1).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        }
    }

    @Test
    void shouldGiveAllOffsetsOfLivingTopicsWhenNoneIsNamed() {
        OffsetFetchResponseData r = (OffsetFetchResponseData) ask(ApiKeys.OFFSET_FETCH, (short) 7,
                new OffsetFetchRequestData().setGroupId("g").setTopics(null));

        assertThat(r.topics()).singleElement().satisfies(t -> {
            assertThat(t.name()).isEqualTo("t");
            assertThat(t.partitions()).singleElement().satisfies(p -> assertThat(p.committedOffset()).isEqualTo(42));
        });
    }

    @Test
    void shouldRefuseToCoordinateTransactionsWithAnErrorNobodyRetries() {
        FindCoordinatorResponseData r = (FindCoordinatorResponseData) ask(ApiKeys.FIND_COORDINATOR, (short) 2,
                new FindCoordinatorRequestData().setKey("tx").setKeyType((byte) 1));

        assertThat(r.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldFilterListedGroupsByStateAndType() {
        ListGroupsResponseData r = (ListGroupsResponseData) ask(ApiKeys.LIST_GROUPS, (short) 5,
                new ListGroupsRequestData().setStatesFilter(List.of("empty")));
        ListGroupsResponseData classic = (ListGroupsResponseData) ask(ApiKeys.LIST_GROUPS, (short) 5,
                new ListGroupsRequestData().setStatesFilter(List.of("stable")).setTypesFilter(List.of("Classic")));

        assertThat(r.groups()).isEmpty();
        assertThat(classic.groups()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1})
    void shouldWantAMemberIdOfClientsThatMakeIt(short version) {
        ConsumerGroupHeartbeatResponseData r = (ConsumerGroupHeartbeatResponseData) ask(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, new ConsumerGroupHeartbeatRequestData().setGroupId("g"));
        ConsumerGroupHeartbeatResponseData noGroup = (ConsumerGroupHeartbeatResponseData) ask(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, new ConsumerGroupHeartbeatRequestData().setMemberId("m"));

        assertThat(r.errorCode()).isEqualTo(version == 0 ? Errors.NONE.code() : Errors.INVALID_REQUEST.code());
        assertThat(noGroup.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldTellTheCoordinatorWhichMemberFetchesOffsets() {
        OffsetFetchResponseData r = (OffsetFetchResponseData) ask(ApiKeys.OFFSET_FETCH, (short) 9,
                new OffsetFetchRequestData().setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("g")
                        .setMemberId("m").setMemberEpoch(3).setTopics(null))));

        assertThat(r.groups().get(0).errorCode()).isEqualTo(Errors.STALE_MEMBER_EPOCH.code());
    }

    /** Over the wire and back, as a client would. */
    private ApiMessage ask(ApiKeys api, short version, ApiMessage request) {
        ApiHandler handler = handlers.stream().filter(h -> h.api() == api).findFirst().orElseThrow();
        ByteBufferAccessor sent = MessageUtil.toByteBufferAccessor(request, version);
        ApiMessage received = ApiMessageType.fromApiKey(api.id).newRequest();
        received.read(sent, version);
        RequestContext context = new RequestContext(version, "client",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1, null);
        ApiMessage answer = handler.handle(context, received).toCompletableFuture().join();
        ByteBufferAccessor returned = MessageUtil.toByteBufferAccessor(answer, version);
        ApiMessage result = ApiMessageType.fromApiKey(api.id).newResponse();
        result.read(returned, version);
        return result;
    }

    private static ApiMessage request(ApiKeys api, short version) {
        return switch (api) {
            case FIND_COORDINATOR -> version < 4
                    ? new FindCoordinatorRequestData().setKey("g")
                    : new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));
            case JOIN_GROUP -> {
                JoinGroupRequestData r = new JoinGroupRequestData().setGroupId("g").setProtocolType("consumer")
                        .setSessionTimeoutMs(10_000);
                r.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[]{1}));
                yield r;
            }
            case SYNC_GROUP -> new SyncGroupRequestData().setGroupId("g");
            case HEARTBEAT -> new HeartbeatRequestData().setGroupId("g");
            case LEAVE_GROUP -> version < 3
                    ? new LeaveGroupRequestData().setGroupId("g").setMemberId("m")
                    : new LeaveGroupRequestData().setGroupId("g")
                            .setMembers(List.of(new MemberIdentity().setMemberId("m")));
            case OFFSET_COMMIT -> new OffsetCommitRequestData().setGroupId("g")
                    .setTopics(List.of(commit(TOPIC.name(), TOPIC.id(), 0, 7), commit("gone", EARLIER_ID, 0)));
            case OFFSET_FETCH -> version < 8
                    ? new OffsetFetchRequestData().setGroupId("g")
                            .setTopics(List.of(
                                    new OffsetFetchRequestTopic().setName("t").setPartitionIndexes(List.of(0, 1))))
                    : new OffsetFetchRequestData().setGroups(List.of(
                            new OffsetFetchRequestGroup().setGroupId("g")
                                    .setTopics(List.of(new OffsetFetchRequestTopics().setName("t")
                                            .setTopicId(TOPIC.id()).setPartitionIndexes(List.of(0, 1)))),
                            new OffsetFetchRequestGroup().setGroupId("elsewhere").setTopics(List.of())));
            case OFFSET_DELETE -> {
                OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
                topics.add(new OffsetDeleteRequestTopic().setName("t")
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0),
                                new OffsetDeleteRequestPartition().setPartitionIndex(7))));
                yield new OffsetDeleteRequestData().setGroupId("g").setTopics(topics);
            }
            case LIST_GROUPS -> new ListGroupsRequestData();
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of("g", "nobody"));
            case CONSUMER_GROUP_HEARTBEAT -> new ConsumerGroupHeartbeatRequestData().setGroupId("g").setMemberId("m")
                    .setMemberEpoch(7);
            case CONSUMER_GROUP_DESCRIBE -> new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g", "nobody"));
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of("g"));
            default -> throw new AssertionError("no request for " + api);
        };
    }

    private static OffsetCommitRequestTopic commit(String name, Uuid id, int... partitions) {
        return new OffsetCommitRequestTopic().setName(name).setTopicId(id)
                .setPartitions(java.util.Arrays.stream(partitions)
                        .mapToObj(p -> new OffsetCommitRequestPartition().setPartitionIndex(p).setCommittedOffset(1))
                        .toList());
    }

    /** Answers every method with a fixed value; the names are those of {@link Groups}. */
    private static Groups groups() {
        return (Groups) Proxy.newProxyInstance(Groups.class.getClassLoader(), new Class<?>[]{Groups.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "coordinatorOf" -> 0;
                    case "join" -> done(new JoinGroupResponseData().setMemberId("client-9").setProtocolName("")
                            .setProtocolType("consumer"));
                    case "sync" -> done(new SyncGroupResponseData().setAssignment(new byte[]{1, 2})
                            .setProtocolType("consumer").setProtocolName("range"));
                    case "heartbeat" ->
                        done(new HeartbeatResponseData().setErrorCode(Errors.REBALANCE_IN_PROGRESS.code()));
                    case "leave" -> done(new LeaveGroupResponseData().setMembers(List.of(
                            new MemberResponse().setMemberId("m").setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()))));
                    case "commit" -> done(accepted((OffsetCommitRequestData) args[0]));
                    case "consumerHeartbeat" -> done(new ConsumerGroupHeartbeatResponseData().setMemberEpoch(7)
                            .setAssignment(new ConsumerGroupHeartbeatResponseData.Assignment().setTopicPartitions(
                                    List.of(new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                                            .setTopicId(TOPIC.id()).setPartitions(List.of(0, 1))))));
                    case "describeConsumer" -> done(args[0].equals("g")
                            ? new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId("g").setGroupEpoch(7)
                            : new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId("nobody")
                                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()));
                    case "offsets" -> done(args[1].equals("m")
                            ? new Groups.Offsets(Errors.STALE_MEMBER_EPOCH, List.of())
                            : args[0].equals("g")
                                    ? new Groups.Offsets(Errors.NONE,
                                            List.of(new CommittedOffset("t", TOPIC.id().toString(), 0, 42, 3, "m", 1),
                                                    new CommittedOffset("t", EARLIER_ID.toString(), 1, 43, 3, "m", 1)))
                                    : new Groups.Offsets(Errors.NOT_COORDINATOR, List.of()));
                    case "deleteOffsets" -> done(Errors.NONE);
                    case "list" -> done(List.of(new ListedGroup().setGroupId("g").setProtocolType("consumer")
                            .setGroupState("Stable").setGroupType("classic")));
                    case "describe" -> done(args[0].equals("g")
                            ? new DescribedGroup().setGroupId("g").setGroupState("Stable")
                            : new DescribedGroup().setGroupId("nobody")
                                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()));
                    case "delete" -> done(Map.of("g", Errors.NON_EMPTY_GROUP));
                    default -> throw new AssertionError(method);
                });
    }

    private static OffsetCommitResponseData accepted(OffsetCommitRequestData request) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        request.topics().forEach(t -> {
            OffsetCommitResponseData.OffsetCommitResponseTopic topic = new OffsetCommitResponseData.OffsetCommitResponseTopic()
                    .setName(t.name()).setTopicId(t.topicId());
            t.partitions().forEach(p -> topic.partitions().add(
                    new OffsetCommitResponseData.OffsetCommitResponsePartition()
                            .setPartitionIndex(p.partitionIndex())));
            response.topics().add(topic);
        });
        return response;
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static ClusterImage image() {
        return (ClusterImage) Proxy.newProxyInstance(ClusterImage.class.getClassLoader(),
                new Class<?>[]{ClusterImage.class}, (proxy, method, args) -> switch (method.getName()) {
                    case "nodes" ->
                        Map.of(0, new NodeImage(0, "d", "127.0.0.1", 9092, null, "pekko://s@127.0.0.1:1", true));
                    case "topic" -> args[0].equals(TOPIC.name()) || args[0].equals(TOPIC.id())
                            ? Optional.of(TOPIC)
                            : Optional.empty();
                    case "selfId" -> 0;
                    default -> throw new AssertionError(method);
                });
    }
}
