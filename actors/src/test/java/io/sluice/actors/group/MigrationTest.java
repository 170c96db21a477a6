package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.MigrationPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of both protocols in one group (KIP-848), which goes from one to the other and back. */
class MigrationTest {
    private final GroupDriver group = new GroupDriver();

    MigrationTest() {
        group.topics.put("t", 6);
    }

    private DescribedGroup described() {
        return group.registry.describeConsumer(GroupDriver.GROUP);
    }

    private String type() {
        return group.registry.list().get(0).groupType();
    }

    /** Everybody beats until nothing changes any more, and never do two have the same partition. */
    private static void settle(List<TestClassicConsumer> classic, List<TestConsumer> consumers) {
        for (int i = 0; i < 8; i++) {
            classic.forEach(c -> {
                c.beat();
                assertOneOwner(classic, consumers);
            });
            consumers.forEach(c -> {
                c.beat();
                assertOneOwner(classic, consumers);
            });
        }
    }

    static void assertOneOwner(List<TestClassicConsumer> classic, List<TestConsumer> consumers) {
        Set<String> owned = new HashSet<>();
        classic.forEach(c -> c.owned.forEach((t, p) -> assertThat(owned.add(t + "-" + p)).as("%d", p).isTrue()));
        consumers.forEach(c -> c.owned.forEach((t, p) -> assertThat(owned.add(t + "-" + p)).as("%d", p).isTrue()));
    }

    private List<TestClassicConsumer> stable(boolean cooperative, int size) {
        List<TestClassicConsumer> members = IntStream.range(0, size)
                .mapToObj(i -> new TestClassicConsumer(group, cooperative, "t")).toList();
        settle(members, List.of());
        assertThat(members).allSatisfy(c -> assertThat(c.owned.size()).isEqualTo(6 / size));
        return members;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldUpgradeWithTheFirstAndDowngradeWithTheLastConsumer(boolean cooperative) {
        List<TestClassicConsumer> classic = stable(cooperative, 2);
        int generation = classic.get(0).generation;
        group.commit(classic.get(0).id, generation, 5);
        TestConsumer consumer = new TestConsumer(group, "t");

        assertThat(consumer.beat()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("consumer");
        assertThat(described().groupEpoch()).as("goes on from the generation").isEqualTo(generation + 1);
        assertThat(consumer.owned.isEmpty()).as("the others have it all").isTrue();
        assertThat(described().members()).extracting(ConsumerGroupDescribeResponseData.Member::memberType)
                .containsExactlyInAnyOrder((byte) 0, (byte) 0, (byte) 1);
        assertThat(group.commit(classic.get(0).id, generation, 6)).as("before it joins anew").isEqualTo(Errors.NONE);
        assertThat(classic.get(0).beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        settle(classic, List.of(consumer));
        assertThat(consumer.owned.size()).isEqualTo(2);
        assertThat(classic).allSatisfy(c -> assertThat(c.owned.size()).isEqualTo(2));
        assertThat(described().groupState()).isEqualTo("Stable");
        assertThat(group.commit(classic.get(0).id, generation, 7)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.commit(classic.get(0).id, generation + 1, 8)).isEqualTo(Errors.NONE);

        assertThat(consumer.leave()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("classic");
        assertThat(group.commit(classic.get(0).id, classic.get(0).generation, 9)).isEqualTo(Errors.NONE);
        assertThat(classic.get(0).beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        settle(classic, List.of());
        assertThat(classic).allSatisfy(c -> assertThat(c.owned.size()).isEqualTo(3));
        assertThat(group.committed()).containsExactly(9L);
    }

    @Test
    void shouldHaveCooperativeMembersKeepWhatTheyShallKeep() {
        List<TestClassicConsumer> classic = stable(true, 2);
        List<Partitions> before = classic.stream().map(c -> c.owned).toList();
        new TestConsumer(group, "t").beat();
        for (int i = 0; i < 2; i++) {
            TestClassicConsumer c = classic.get(i);
            assertThat(c.beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
            c.beat();

            assertThat(c.owned.size()).isEqualTo(2);
            assertThat(before.get(i).containsAll(c.owned)).as("nobody stops reading").isTrue();
        }
    }

    @Test
    void shouldTellAMemberToJoinOnceAllThatItLacksIsFree() {
        TestConsumer consumer = new TestConsumer(group, "t");
        consumer.beat();
        consumer.slowness = 2;
        TestClassicConsumer late = TestClassicConsumer.eager(group);
        assertThat(late.beat()).isEqualTo(Errors.NONE);
        assertThat(late.owned.isEmpty()).isTrue();

        consumer.beat();
        assertThat(late.beat()).as("not given up yet").isEqualTo(Errors.NONE);
        consumer.beat();
        consumer.beat();
        consumer.beat();
        assertThat(late.beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        late.beat();
        assertThat(late.owned.size()).isEqualTo(3);
    }

    @Test
    void shouldSendThoseWhoWaitForARebalanceToTheNewOne() {
        List<TestClassicConsumer> classic = stable(false, 1);
        TestClassicConsumer waiting = TestClassicConsumer.eager(group);
        waiting.beat();
        TestConsumer consumer = new TestConsumer(group, "t");
        consumer.beat();

        assertThat(waiting.beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        settle(List.of(classic.get(0), waiting), List.of(consumer));
        assertThat(List.of(classic.get(0).owned.size(), waiting.owned.size(), consumer.owned.size()))
                .containsExactly(2, 2, 2);
    }

    @Test
    void shouldNotGiveOnWhatAMemberHasNotBeenToldToGiveUp() {
        TestClassicConsumer a = TestClassicConsumer.cooperative(group);
        a.beat();
        TestClassicConsumer b = TestClassicConsumer.cooperative(group);
        b.beat();
        a.beat();
        a.beat();
        // the assignment of the new generation leaves out what one of them shall give up, and nobody has heard of it yet
        b.connectionLost();
        a.connectionLost();
        TestConsumer consumer = new TestConsumer(group, "t");
        settle(List.of(a, b), List.of(consumer));

        assertThat(a.owned.size() + b.owned.size() + consumer.owned.size()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(value = MigrationPolicy.class, names = {"DISABLED", "DOWNGRADE"})
    void shouldRefuseAConsumerWhereUpgradesAreOff(MigrationPolicy policy) {
        group.migrationPolicy(policy);
        stable(false, 1);

        assertThat(new TestConsumer(group, "t").beat()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void shouldRefuseAClassicMemberWhereAllMigrationIsOff() {
        group.migrationPolicy(MigrationPolicy.DISABLED);
        new TestConsumer(group, "t").beat();

        assertThat(TestClassicConsumer.eager(group).beat()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldStayAConsumerGroupWhereDowngradesAreOff() {
        group.migrationPolicy(MigrationPolicy.UPGRADE);
        List<TestClassicConsumer> classic = stable(false, 1);
        TestConsumer consumer = new TestConsumer(group, "t");
        settle(classic, List.of(consumer));
        consumer.leave();
        settle(classic, List.of());

        assertThat(type()).isEqualTo("consumer");
        assertThat(classic.get(0).owned.size()).isEqualTo(6);
    }

    @Test
    void shouldStayClassicWhenTheConsumerIsNotLetIn() {
        stable(false, 1);

        assertThat(new TestConsumer(group).pattern("(").beat()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void shouldRefuseToUpgradeMembersThatAreNoConsumers() {
        group.stableMember();

        assertThat(new TestConsumer(group, "t").beat()).as("metadata that no consumer wrote")
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void shouldRefuseProtocolsThatTheClassicMembersDoNotSupport() {
        List<TestClassicConsumer> classic = stable(false, 1);
        TestConsumer consumer = new TestConsumer(group, "t");
        settle(classic, List.of(consumer));

        assertThat(TestClassicConsumer.cooperative(group).beat()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.heartbeat(consumer.id, consumer.epoch)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.leave(consumer.id, null)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldKeepAStaticMembersPlaceInTheOtherProtocol() {
        TestClassicConsumer a = TestClassicConsumer.eager(group).instance("a");
        TestClassicConsumer b = TestClassicConsumer.eager(group).instance("b");
        settle(List.of(a, b), List.of());
        Partitions had = a.owned;
        TestConsumer upgraded = new TestConsumer(group, "t").instance("a");
        assertThat(upgraded.beat()).isEqualTo(Errors.NONE);

        assertThat(upgraded.owned).isEqualTo(had);
        assertThat(a.beat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(b.beat()).isEqualTo(Errors.NONE);
        upgraded.leave(Epochs.LEAVE_FOR_A_WHILE);
        TestClassicConsumer back = TestClassicConsumer.eager(group).instance("a");
        settle(List.of(back, b), List.of());
        assertThat(type()).isEqualTo("classic");
        assertThat(back.owned.size() + b.owned.size()).isEqualTo(6);
    }

    @Test
    void shouldGiveUpClassicMembersThatAreSilentOrDoNotJoin() {
        List<TestClassicConsumer> classic = stable(false, 2);
        TestConsumer consumer = new TestConsumer(group, "t");
        consumer.beat();
        for (int i = 0; i < 13; i++) {
            group.pass(Duration.ofSeconds(5));
            // hears that it must join, and does not
            group.heartbeat(classic.get(0).id, classic.get(0).generation);
            consumer.beat();
        }

        assertThat(described().members()).hasSize(1);
        assertThat(consumer.owned.size()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnFromWhatIsStored(boolean fromSnapshot) {
        List<TestClassicConsumer> classic = stable(true, 2);
        TestConsumer consumer = new TestConsumer(group, "t");
        consumer.beat();
        restart(fromSnapshot);
        assertThat(type()).isEqualTo("consumer");
        settle(classic, List.of(consumer));
        assertThat(classic).allSatisfy(c -> assertThat(c.owned.size()).isEqualTo(2));

        consumer.leave();
        restart(fromSnapshot);
        assertThat(type()).isEqualTo("classic");
        assertThat(classic.get(0).beat()).as("what the last consumer had is shared").isEqualTo(
                Errors.REBALANCE_IN_PROGRESS);
        settle(classic, List.of());
        assertThat(classic).allSatisfy(c -> assertThat(c.owned.size()).isEqualTo(3));
    }

    private void restart(boolean fromSnapshot) {
        if (fromSnapshot) {
            List<GroupEvent> snapshot = group.registry.toEvents();
            group.stored.clear();
            group.stored.addAll(snapshot);
        }
        group.crash();
    }
}
