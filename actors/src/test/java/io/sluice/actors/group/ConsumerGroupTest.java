package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.config.MigrationPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerGroupTest {
    private final GroupDriver group = new GroupDriver();
    private final Uuid topic = group.topics.put("t", 4);

    private TestConsumer joined(String... topics) {
        TestConsumer c = new TestConsumer(group, topics);
        assertThat(c.beat()).isEqualTo(Errors.NONE);
        return c;
    }

    private DescribedGroup described() {
        return group.registry.describeConsumer(GroupDriver.GROUP);
    }

    @Test
    void shouldGiveTheFirstMemberEverythingAtOnce() {
        TestConsumer a = joined("t");

        assertThat(a.epoch).isEqualTo(1);
        assertThat(a.owned.of(topic)).containsExactly(0, 1, 2, 3);
        assertThat(described().groupState()).isEqualTo("Stable");
        assertThat(described().assignorName()).isEqualTo("uniform");
    }

    @Test
    void shouldGiveAPartitionOnOnlyOnceItsOwnerHasLetGo() {
        TestConsumer a = joined("t");
        TestConsumer b = joined("t");
        assertThat(b.owned.isEmpty()).isTrue();

        assertThat(a.exchange().memberEpoch()).as("epoch while it has something to give up").isEqualTo(1);
        assertThat(b.beat()).isEqualTo(Errors.NONE);
        assertThat(b.owned.isEmpty()).as("told to let go, but has not said so yet").isTrue();
        a.owned = a.owned.where((t, p) -> p < 2);
        assertThat(a.beatInFull()).isEqualTo(Errors.NONE);
        b.beat();

        assertThat(a.owned.size()).isEqualTo(2);
        assertThat(b.owned.size()).isEqualTo(2);
        assertThat(List.of(a.epoch, b.epoch)).containsExactly(2, 2);
        assertThat(described().groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldGiveUpAMemberThatDoesNotLetGoInTime() {
        TestConsumer a = joined("t");
        TestConsumer b = joined("t");
        a.exchange();
        for (int i = 0; i < 6; i++) {
            group.pass(Duration.ofSeconds(10));
            a.exchange();
            b.beat();
        }

        assertThat(a.beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        b.beat();
        assertThat(b.owned.size()).isEqualTo(4);
    }

    @Test
    void shouldGiveTheRestWhatASilentMemberHad() {
        TestConsumer a = joined("t");
        TestConsumer b = joined("t");
        a.beat();
        a.beat();
        b.beat();
        group.pass(Duration.ofSeconds(30));
        b.beat();
        group.pass(Duration.ofSeconds(20));
        b.beat();

        assertThat(b.owned.size()).isEqualTo(4);
        assertThat(a.beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceWhoNamesAnotherEpochButNotWhoLostAnAnswer() {
        TestConsumer a = joined("t");
        TestConsumer b = joined("t");
        b.exchange();
        a.beat();
        ConsumerGroupHeartbeatResponseData lost = a.exchange();
        assertThat(lost.memberEpoch()).isEqualTo(2);
        assertThat(a.beatInFull()).as("epoch 1 and part of what it has").isEqualTo(Errors.NONE);
        assertThat(a.epoch).isEqualTo(2);

        a.epoch = 1;
        a.owned = Partitions.of(Map.of(topic, List.of(0, 1, 2, 3)));
        assertThat(a.beatInFull()).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        a.epoch = 9;
        assertThat(a.beat()).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(a.beat()).as("joins again under its id").isEqualTo(Errors.NONE);
    }

    @Test
    void shouldKeepEpochsAndAssignmentsAcrossACrash() {
        TestConsumer a = joined("t");
        TestConsumer b = joined("t");
        a.beat();
        DescribedGroup before = described();
        group.crash();

        assertThat(described()).isEqualTo(before);
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        b.beat();
        assertThat(b.owned.size()).isEqualTo(2);
        assertThat(described().groupEpoch()).as("nothing changed").isEqualTo(2);
    }

    @Test
    void shouldBeTheSameFromASnapshot() {
        joined("t");
        new TestConsumer(group).pattern("t.*").instance("i").beat();
        GroupRegistry copy = new GroupRegistry(group.settings, group.topics::image);
        group.registry.toEvents().forEach(copy::apply);

        assertThat(copy.describeConsumer(GroupDriver.GROUP)).isEqualTo(described());
        assertThat(copy.toEvents()).isEqualTo(group.registry.toEvents());
    }

    @Test
    void shouldFollowTopicsThatAppearGrowAndGo() {
        TestConsumer a = joined("t", "later");
        Uuid later = group.topics.put("later", 2);
        a.beat();
        assertThat(a.owned.of(later)).containsExactly(0, 1);
        group.topics.put("later", 3);
        a.beat();
        assertThat(a.owned.of(later)).containsExactly(0, 1, 2);
        group.topics.delete("later");
        a.beat();
        a.beat();

        assertThat(a.owned.topics()).containsExactly(topic);
        int epoch = a.epoch;
        group.topics.put("unrelated", 1);
        a.beat();
        assertThat(a.epoch).as("of no interest to the group").isEqualTo(epoch);
    }

    @Test
    void shouldSubscribeByRegularExpression() {
        TestConsumer a = new TestConsumer(group).pattern("orders-.+");
        group.topics.put("__consumer_offsets", 3);
        Uuid orders = group.topics.put("orders-eu", 1);
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        assertThat(a.owned.topics()).containsExactly(orders);
        Uuid more = group.topics.put("orders-us", 1);
        a.beat();

        assertThat(a.owned.topics()).containsExactlyInAnyOrder(orders, more);
        assertThat(described().members().get(0).subscribedTopicRegex()).isEqualTo("orders-.+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a{1001}", "((a{100}){100}){100}", "(a{40}){40,}"})
    void shouldRefuseExpressionsThatAreNoneOrGrow(String regex) {
        assertThat(new TestConsumer(group).pattern(regex).beat()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(group.registry.list()).isEmpty();
    }

    @Test
    void shouldTakeOtherTopicsFromAMemberThatAsksForThem() {
        Uuid other = group.topics.put("u", 1);
        TestConsumer a = joined("t");
        a.subscribe("u");
        a.beat();
        a.beat();

        assertThat(a.owned.topics()).containsExactly(other);
    }

    @Test
    void shouldKeepAStaticMembersPlaceWhileItIsAway() {
        TestConsumer a = new TestConsumer(group, "t").instance("i1");
        TestConsumer b = new TestConsumer(group, "t").instance("i2");
        a.beat();
        b.beat();
        a.beat();
        a.beat();
        b.beat();
        Partitions had = a.owned;
        int epoch = described().groupEpoch();
        TestConsumer again = new TestConsumer(group, "t").instance("i1");
        assertThat(again.beat()).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);

        assertThat(a.leave(Epochs.LEAVE_FOR_A_WHILE)).isEqualTo(Errors.NONE);
        b.beat();
        assertThat(b.owned.size()).isEqualTo(2);
        assertThat(again.beat()).isEqualTo(Errors.NONE);
        assertThat(again.owned).isEqualTo(had);
        assertThat(described().groupEpoch()).isEqualTo(epoch);
        a.epoch = 2;
        assertThat(a.beat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(group.leave("", "i1")).as("an administrator's").isEqualTo(Errors.NONE);
        b.beat();
        assertThat(b.owned.size()).isEqualTo(4);
    }

    @Test
    void shouldGiveUpAStaticMemberThatStaysAway() {
        TestConsumer a = new TestConsumer(group, "t").instance("i1");
        a.beat();
        a.leave(Epochs.LEAVE_FOR_A_WHILE);
        group.pass(Duration.ofSeconds(46));

        assertThat(described().members()).isEmpty();
        assertThat(described().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldTakeCommitsOfMembersAtTheirEpochOnly() {
        TestConsumer a = joined("t");

        assertThat(group.commit(a.id, 1, 5)).isEqualTo(Errors.NONE);
        assertThat(group.commit(a.id, 0, 6)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.commit("other", 1, 7)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.commit("", -1, 8)).as("a consumer without a group").isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.committed()).containsExactly(5L);
        assertThat(group.registry.offsets(GroupDriver.GROUP, a.id, 1).error()).isEqualTo(Errors.NONE);
        assertThat(group.registry.offsets(GroupDriver.GROUP, a.id, 2).error()).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.registry.offsets(GroupDriver.GROUP, "x", 1).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(a.leave()).isEqualTo(Errors.NONE);
        assertThat(group.commit("", -1, 9)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldHeedTheGroupsOwnSettings() {
        TestConsumer a = joined("t");
        assertThat(a.exchange().heartbeatIntervalMs()).isEqualTo(5000);
        group.topics.groupConfigs(Map.of("consumer.session.timeout.ms", "8000", "consumer.heartbeat.interval.ms",
                "700"));

        assertThat(a.exchange().heartbeatIntervalMs()).isEqualTo(700);
        group.pass(Duration.ofSeconds(7));
        assertThat(described().members()).hasSize(1);
        group.pass(Duration.ofSeconds(1));
        assertThat(described().members()).isEmpty();
    }

    @Test
    void shouldHoldNoMoreMembersThanAllowed() {
        group.settings(new GroupSettings(50, (short) 3, Duration.ofSeconds(6), Duration.ofMinutes(30), Duration.ZERO, 1,
                Duration.ofDays(7), 100, new ConsumerGroupSettings(Duration.ofSeconds(45), Duration.ofSeconds(5), 1,
                        MigrationPolicy.BIDIRECTIONAL)));
        TestConsumer a = joined("t");

        assertThat(new TestConsumer(group, "t").beat()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(a.leave()).isEqualTo(Errors.NONE);
        assertThat(new TestConsumer(group, "t").beat()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldChangeItsProtocolWhileItIsEmptyOnlyWhereNoMigrationIsAllowed() {
        group.migrationPolicy(MigrationPolicy.DISABLED);
        TestConsumer a = joined("t");
        assertThat(group.registry.list().get(0).groupType()).isEqualTo("consumer");
        assertThat(group.join("", null, "range").join().errorCode())
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(group.registry.describe(GroupDriver.GROUP).errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        group.commit(a.id, 1, 5);
        a.leave();

        String classic = group.stableMember().memberId();
        assertThat(group.registry.list().get(0).groupType()).isEqualTo("classic");
        assertThat(new TestConsumer(group, "t").beat()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(described().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        group.crash();
        assertThat(group.registry.list().get(0).groupType()).isEqualTo("classic");
        group.leave(classic, null);
        joined("t");
        group.crash();
        assertThat(group.registry.list().get(0).groupType()).isEqualTo("consumer");
        assertThat(group.committed()).containsExactly(5L);
    }

    @Test
    void shouldTellLateMembersOfAnEmptyGroupThatTheyAreOut() {
        TestConsumer a = joined("t");
        group.pass(Duration.ofSeconds(46));
        assertThat(a.exchange().errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        group.expireOffsets();

        assertThat(group.registry.list()).isEmpty();
        assertThat(a.exchange().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldBeDeletedWhenEmptyOnly() {
        TestConsumer a = joined("t");
        assertThat(group.deleteGroup()).isEqualTo(Errors.NON_EMPTY_GROUP);
        a.leave();

        assertThat(group.deleteGroup()).isEqualTo(Errors.NONE);
        assertThat(described().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldUseTheAssignorThatMostAskFor() {
        Uuid other = group.topics.put("u", 2);
        TestConsumer a = new TestConsumer(group, "t", "u").assignor("range");
        TestConsumer b = new TestConsumer(group, "t", "u").assignor("range");
        a.beat();
        b.beat();
        a.beat();
        a.beat();
        b.beat();

        assertThat(described().assignorName()).isEqualTo("range");
        TestConsumer first = a.id.compareTo(b.id) < 0 ? a : b;
        assertThat(first.owned.of(topic)).containsExactly(0, 1);
        assertThat(first.owned.of(other)).containsExactly(0);
        assertThat(new TestConsumer(group, "t").assignor("none").beat()).isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);
    }

    @Test
    void shouldRefuseRequestsThatSayTooLittle() {
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberId("m"))).contains("RebalanceTimeoutMs");
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberId("m").setRebalanceTimeoutMs(1)))
                .contains("TopicPartitions");
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberId("m").setRebalanceTimeoutMs(1)
                .setTopicPartitions(List.of()))).contains("SubscribedTopicNames");
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberId("m").setMemberEpoch(-3)))
                .contains("MemberEpoch");
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberId("m").setMemberEpoch(-2)))
                .contains("InstanceId");
        assertThat(refused(new ConsumerGroupHeartbeatRequestData().setMemberEpoch(1))).contains("MemberId");
    }

    private String refused(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupHeartbeatResponseData answer = group.consumerHeartbeat(request).join();
        assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        return answer.errorMessage();
    }
}
