package io.sluice.actors.group;

import io.sluice.actors.config.ConsumerGroupSettings;
import io.sluice.actors.config.GroupSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import static org.assertj.core.api.Assertions.assertThat;

@SuppressWarnings("FutureReturnValueIgnored") // many answers do not matter to the case
class GroupRegistryTest {
    private final GroupDriver group = new GroupDriver();

    private static Errors error(JoinGroupResponseData response) {
        return Errors.forCode(response.errorCode());
    }

    private static Errors error(SyncGroupResponseData response) {
        return Errors.forCode(response.errorCode());
    }

    @Test
    void shouldMakeTheFirstMemberLeaderAndTellItAllMembers() {
        JoinGroupResponseData joined = group.joinNew("range=meta").join();

        assertThat(error(joined)).isEqualTo(Errors.NONE);
        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(joined.leader()).isEqualTo(joined.memberId()).startsWith("client-");
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.members()).extracting(JoinGroupResponseMember::memberId).containsExactly(joined.memberId());
        assertThat(joined.members().get(0).metadata()).isEqualTo(GroupDriver.bytes("meta"));
    }

    @Test
    void shouldGiveAnIdFirstOnlyToClientsThatKnowOfIt() {
        group.joinVersion = 3;

        assertThat(error(group.join("", null, "range").join())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldHandEachMemberItsAssignmentWhenTheLeaderBringsIt() {
        JoinGroupResponseData first = group.stableMember();
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range=b");
        assertThat(group.heartbeat(first.memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData rejoined = group.join(first.memberId(), null, "range=m").join();
        JoinGroupResponseData joined = second.join();

        CompletableFuture<SyncGroupResponseData> follower = group.sync(joined);
        assertThat(follower).isNotDone();
        SyncGroupResponseData leader = group
                .sync(rejoined, rejoined.memberId() + "=p0", joined.memberId() + "=p1").join();

        assertThat(joined.generationId()).isEqualTo(2);
        assertThat(joined.members()).isEmpty();
        assertThat(rejoined.leader()).isEqualTo(first.memberId());
        assertThat(leader.assignment()).isEqualTo(GroupDriver.bytes("p0"));
        assertThat(follower.join().assignment()).isEqualTo(GroupDriver.bytes("p1"));
        assertThat(group.heartbeat(joined.memberId(), 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldChooseTheProtocolThatAllSupportAndMostPrefer() {
        group.joinVersion = 3;
        JoinGroupResponseData first = group.join("", null, "range", "sticky").join();
        CompletableFuture<JoinGroupResponseData> second = group.join("", null, "sticky");
        group.join(first.memberId(), null, "range", "sticky");

        assertThat(second.join().protocolName()).isEqualTo("sticky");
        assertThat(error(group.join("", null, "other").join())).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldWaitForMoreMembersOfAnEmptyGroupAsLongAsTheyCome() {
        group.settings(new GroupSettings(50, (short) 3, Duration.ofSeconds(6), Duration.ofMinutes(30),
                Duration.ofSeconds(3), 10,
                Duration.ofDays(7), 100,
                ConsumerGroupSettings.DEFAULT));
        CompletableFuture<JoinGroupResponseData> first = group.joinNew("range");
        group.pass(Duration.ofSeconds(2));
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range");
        group.pass(Duration.ofSeconds(2));
        assertThat(first).isNotDone();

        group.pass(Duration.ofSeconds(1));

        assertThat(first.join().generationId()).isEqualTo(1);
        assertThat(second.join().generationId()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWithoutTheMembersThatDoNotComeBackInTime() {
        JoinGroupResponseData first = group.stableMember();
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range");
        for (int i = 0; i < 7; i++) {
            assertThat(second).isNotDone();
            group.heartbeat(first.memberId(), 1);
            group.pass(Duration.ofSeconds(9));
        }

        assertThat(second.join().leader()).isEqualTo(second.join().memberId());
        assertThat(group.heartbeat(first.memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRemoveAMemberWhoseSessionEnds() {
        JoinGroupResponseData member = group.stableMember();
        group.pass(Duration.ofSeconds(9));
        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
        group.pass(Duration.ofSeconds(9));
        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);

        group.pass(Duration.ofSeconds(10));

        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.stored.get(group.stored.size() - 1)).isInstanceOf(GroupEvent.GroupEmptied.class);
    }

    @Test
    void shouldOnlyWaitForItsMembersOnceItIsStable() {
        JoinGroupResponseData member = group.stableMember();
        for (int i = 0; i < 20; i++) {
            group.pass(Duration.ofSeconds(9));
            assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
        }

        assertThat(group.registry.nextDeadlineMs()).as("the session's end").isEqualTo(group.now + 10_000);
    }

    @Test
    void shouldRebalanceWhenTheLeaderNeverBringsAnAssignment() {
        JoinGroupResponseData leader = group.joinNew("range").join();
        assertThat(leader.leader()).isEqualTo(leader.memberId());
        for (int i = 0; i < 7; i++) {
            group.heartbeat(leader.memberId(), 1);
            group.pass(Duration.ofSeconds(9));
        }

        assertThat(error(group.sync(leader).join())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFailTheSyncOfAGenerationThatIsOver() {
        JoinGroupResponseData first = group.stableMember();
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range=b");
        group.join(first.memberId(), null, "range=m").join();
        CompletableFuture<SyncGroupResponseData> waiting = group.sync(second.join());

        group.joinNew("range=c");

        assertThat(error(waiting.join())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(error(group.sync(first.memberId(), null, 1).join())).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldLetAMemberLeaveAtOnce() {
        JoinGroupResponseData first = group.stableMember();
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range=b");

        assertThat(group.leave(first.memberId(), null)).isEqualTo(Errors.NONE);

        assertThat(second.join().leader()).isEqualTo(second.join().memberId());
        assertThat(group.leave(first.memberId(), null)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldKeepAStaticMembersPlaceWhenItComesBackUnderANewId() {
        JoinGroupResponseData first = group.join("", "i1", "range=m").join();
        group.sync(first.memberId(), "i1", 1, first.memberId() + "=p0").join();

        JoinGroupResponseData back = group.join("", "i1", "range=m").join();

        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.memberId()).startsWith("i1-").isNotEqualTo(first.memberId());
        assertThat(group.sync(back.memberId(), "i1", 1).join().assignment()).isEqualTo(GroupDriver.bytes("p0"));
        assertThat(error(group.sync(first.memberId(), "i1", 1).join())).isEqualTo(Errors.FENCED_INSTANCE_ID);
        group.crash();
        assertThat(group.heartbeat(back.memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTellAnOldStaticLeaderThatAnotherOneLeads() {
        group.joinVersion = 5;
        JoinGroupResponseData first = group.join("", "i1", "range=m").join();
        group.sync(first.memberId(), "i1", 1, first.memberId() + "=p0").join();

        JoinGroupResponseData back = group.join("", "i1", "range=m").join();

        assertThat(back.skipAssignment()).isFalse();
        assertThat(back.leader()).isEqualTo(first.memberId());
    }

    @Test
    void shouldRemoveAStaticMemberByItsInstanceAlone() {
        JoinGroupResponseData first = group.join("", "i1", "range=m").join();
        group.sync(first.memberId(), "i1", 1, first.memberId() + "=p0").join();

        assertThat(group.leave("", "i1")).isEqualTo(Errors.NONE);
        assertThat(group.leave("", "i1")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseTooManyMembersAndBadSessionTimeouts() {
        group.settings(new GroupSettings(50, (short) 3, Duration.ofSeconds(6), Duration.ofMinutes(30), Duration.ZERO, 1,
                Duration.ofDays(7), 100,
                ConsumerGroupSettings.DEFAULT));
        group.stableMember();
        assertThat(error(group.join("", null, "range").join())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);

        group.settings(
                new GroupSettings(50, (short) 3, Duration.ofSeconds(20), Duration.ofMinutes(30), Duration.ZERO, 1,
                        Duration.ofDays(7), 100,
                        ConsumerGroupSettings.DEFAULT));
        assertThat(error(group.join("", null, "range").join())).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void shouldForgetAnIdThatIsNotUsedInTime() {
        String id = group.join("", null, "range").join().memberId();
        group.pass(Duration.ofSeconds(11));

        assertThat(error(group.join(id, null, "range").join())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.registry.list()).isEmpty();
    }

    @Test
    void shouldAnswerTheFirstRequestOfAMemberThatJoinsTwice() {
        JoinGroupResponseData first = group.stableMember();
        group.joinNew("range=b");
        CompletableFuture<JoinGroupResponseData> third = group.joinNew("range=c");
        String id = group.registry.describe(GroupDriver.GROUP).members().get(2).memberId();

        group.join(id, null, "range=c");

        assertThat(third).isDone();
        assertThat(group.heartbeat(first.memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldKeepStableMembersAcrossACrash() {
        JoinGroupResponseData member = group.stableMember();

        group.crash();

        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
        assertThat(group.sync(member).join().assignment()).isEqualTo(GroupDriver.bytes("p0"));
        group.pass(Duration.ofSeconds(10));
        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRememberWhoLeftAcrossACrash(boolean snapshot) {
        JoinGroupResponseData first = group.stableMember();
        CompletableFuture<JoinGroupResponseData> second = group.joinNew("range=b");
        group.join(first.memberId(), null, "range=a");
        String stays = second.join().memberId();
        group.sync(first.memberId(), null, 2, first.memberId() + "=p0", stays + "=p1");
        group.leave(first.memberId(), null);
        if (snapshot) {
            group.becomeSnapshot();
        }

        group.crash();

        assertThat(group.heartbeat(first.memberId(), 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.heartbeat(stays, 2)).as("it shall share what the other one had")
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData alone = group.join(stays, null, "range=b").join();
        assertThat(alone.generationId()).isEqualTo(3);
        assertThat(alone.members()).singleElement().satisfies(m -> assertThat(m.memberId()).isEqualTo(stays));
    }

    @Test
    void shouldStoreNoDepartureOfWhoWasNotStored() {
        JoinGroupResponseData member = group.stableMember();
        group.joinNew("range=b");
        String guest = group.registry.describe(GroupDriver.GROUP).members().get(1).memberId();
        int before = group.stored.size();

        group.leave(guest, null);

        assertThat(group.stored).hasSize(before);
        group.crash();
        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNeverRepeatAGeneration() {
        JoinGroupResponseData member = group.stableMember();
        group.commit(member.memberId(), 1, 5);
        group.leave(member.memberId(), null);
        group.crash();

        assertThat(group.joinNew("range").join().generationId()).isGreaterThan(1);
    }

    @Test
    void shouldCommitOnlyForMembersOfThisGeneration() {
        JoinGroupResponseData member = group.stableMember();

        assertThat(group.commit(member.memberId(), 1, 10)).isEqualTo(Errors.NONE);
        assertThat(group.commit(member.memberId(), 0, 11)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.commit("stranger", 1, 12)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.commit("", -1, 13)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.commit(member.memberId(), 1, 14, "x".repeat(101)))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(group.committed()).containsExactly(10L);
    }

    @Test
    void shouldRefuseACommitBetweenJoinAndSync() {
        JoinGroupResponseData member = group.joinNew("range").join();

        assertThat(group.commit(member.memberId(), 1, 10)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldTakeCommitsOfConsumersThatAssignThemselves() {
        assertThat(group.commit("", -1, 10)).isEqualTo(Errors.NONE);
        assertThat(group.commit("", 3, 11)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        group.crash();

        assertThat(group.committed()).containsExactly(10L);
    }

    @Test
    void shouldRefuseAGenerationOfAGroupThatDoesNotExist() {
        assertThat(group.commit("m", 3, 10)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldExpireTheOffsetsOfAnEmptyGroupOnly() {
        JoinGroupResponseData member = group.stableMember();
        group.commit(member.memberId(), 1, 10);
        group.now += Duration.ofDays(8).toMillis();
        group.expireOffsets();
        assertThat(group.committed()).containsExactly(10L);

        group.leave(member.memberId(), null);
        group.expireOffsets();
        assertThat(group.committed()).containsExactly(10L);
        group.now += Duration.ofDays(8).toMillis();
        group.expireOffsets();

        assertThat(group.committed()).isEmpty();
        assertThat(group.registry.list()).isEmpty();
    }

    @Test
    void shouldDeleteOnlyEmptyGroups() {
        assertThat(group.deleteGroup()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        JoinGroupResponseData member = group.stableMember();
        group.commit(member.memberId(), 1, 10);
        assertThat(group.deleteGroup()).isEqualTo(Errors.NON_EMPTY_GROUP);
        group.leave(member.memberId(), null);

        assertThat(group.deleteGroup()).isEqualTo(Errors.NONE);

        group.crash();
        assertThat(group.committed()).isEmpty();
    }

    @Test
    void shouldDescribeAStableGroup() {
        JoinGroupResponseData member = group.stableMember();

        DescribedGroup described = group.registry.describe(GroupDriver.GROUP);

        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.protocolType()).isEqualTo("consumer");
        assertThat(described.protocolData()).isEqualTo("range");
        assertThat(described.members()).singleElement().satisfies(m -> {
            assertThat(m.memberId()).isEqualTo(member.memberId());
            assertThat(m.clientHost()).isEqualTo("/127.0.0.1");
            assertThat(m.memberAssignment()).isEqualTo(GroupDriver.bytes("p0"));
        });
        assertThat(group.registry.describe("other").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldRestoreTheSameStateFromASnapshotAsFromTheEvents() {
        JoinGroupResponseData member = group.stableMember();
        group.commit(member.memberId(), 1, 10);
        group.commit(member.memberId(), 1, 20);

        group.becomeSnapshot();
        group.crash();

        assertThat(group.committed()).containsExactly(20L);
        assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldPlaceGroupsAsKafkasToolsDo() {
        // 0x80000000 is the one hash whose absolute value is negative
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(LocalGroups.indexOf("polygenelubricants", 50)).isZero();
        assertThat(LocalGroups.indexOf("g", 50)).isEqualTo("g".hashCode() % 50);
    }
}
