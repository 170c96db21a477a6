package io.sluice.persistence.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EpochHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaderTest {
    private static final ReplicaId A = new ReplicaId("a");
    private static final ReplicaId B = new ReplicaId("b");
    private static final ReplicaId C = new ReplicaId("c");
    private static final ReplicaId D = new ReplicaId("d");
    private static final UUID INCARNATION = new UUID(1, 1);
    private static final EpochHistory HISTORY = EpochHistory.EMPTY.with(0, 0);

    private final Recorder output = new Recorder();
    private final Leader leader = new Leader("log", A,
            new Replicas.Versioned(new ReplicaSet(7, List.of(A, B, C))), 4, INCARNATION,
            new LeaderSettings(100, 1_000, 50, 200, 1_000, 500, 1), output);

    @Test
    void claimsTheEpochAfterTheHighestItsNodeHeardOf() {
        leader.start(0);
        assertThat(leader.epoch()).isEqualTo(5);
        assertThat(output.sent(ReplicaRequest.Claim.class)).extracting(claim -> claim.header().target())
                .containsExactlyInAnyOrder(A, B, C);
    }

    @Test
    void recoversFromTheHighestSyncedEpochNotTheLongestLog() {
        leader.start(0);
        leader.onReply(promise(A, 2, 90), 1);
        leader.onReply(promise(B, 3, 10), 1);
        assertThat(output.sent(ReplicaRequest.Sync.class)).singleElement().satisfies(sync -> {
            assertThat(sync.header().target()).isEqualTo(A);
            assertThat(sync.recoveredEnd()).isEqualTo(10);
        });
    }

    @Test
    void countsNoPromiseOfASuspectReplicaAndAdoptsNothingFromIt() {
        leader.start(0);
        leader.onReply(promise(A, 2, 10), 1);
        leader.onReply(suspectPromise(B, 3, 90), 1);
        assertThat(output.sent(ReplicaRequest.Sync.class)).isEmpty();
        leader.onReply(promise(C, 2, 12), 1);
        assertThat(output.sent(ReplicaRequest.Sync.class)).singleElement()
                .satisfies(sync -> assertThat(sync.recoveredEnd()).isEqualTo(12));
    }

    @Test
    void adoptsTheBestOfAllWhereAMajorityIsSuspect() {
        leader.start(0);
        leader.onReply(suspectPromise(A, 3, 10), 1);
        leader.onReply(promise(B, 2, 90), 1);
        assertThat(output.sent(ReplicaRequest.Sync.class)).isEmpty();
        leader.onReply(suspectPromise(C, 3, 11), 1);
        assertThat(output.sent(ReplicaRequest.Sync.class)).singleElement()
                .satisfies(sync -> assertThat(sync.recoveredEnd()).isEqualTo(11));
    }

    @Test
    void saysWhoHasNotPromised() {
        leader.start(0);
        leader.onReply(suspectPromise(A, 3, 10), 1);
        assertThat(shortage()).isEqualTo("too few replicas of log l answer to lead it, 1 of 3; waits for b, c");
        leader.onReply(promise(B, 3, 10), 1);
        leader.tick(10_000);
        assertThat(output.events).containsExactly("stopped UNAVAILABLE 5");
        assertThat(shortage()).isEqualTo("log l: 2 of 3 replicas answer, but 1 of them may have lost records when the"
                + " machine went down; waits for c");
    }

    @Test
    void saysWhoDoesNotGoOnAfterItsPromise() {
        leader.start(0);
        leader.onReply(promise(A, 3, 10), 1);
        leader.onReply(promise(B, 3, 20), 1);
        leader.onReply(new ReplicaReply.Stored(from(A), 10), 2);
        assertThat(leader.shortage().missing()).as("to copy from").containsExactly(B);
    }

    @Test
    void saysWhoIsNotSyncedYet() {
        recover();
        assertThat(shortage()).isEqualTo("too few replicas of log l answer to lead it, 1 of 3; waits for b, c");
    }

    private String shortage() {
        return leader.shortage().toMessage("l", ReplicaId::diskId);
    }

    @Test
    void restoresASuspectReplicaToTheEndAsItWasWhenItSaidSo() {
        activate();
        leader.ownStored(20, 5);
        leader.onReply(new ReplicaReply.Ack(from(B), 20, 0), 6);
        assertThat(leader.inSync(6)).contains(B);
        UUID loss = new UUID(7, 7);
        leader.onReply(new ReplicaReply.Suspect(from(B), 14, loss), 7);
        assertThat(leader.inSync(7)).doesNotContain(B);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).last().isEqualTo(14L);
        leader.ownStored(30, 8);
        leader.onReply(new ReplicaReply.Suspect(from(B), 19, loss), 9);
        assertThat(output.sent(ReplicaRequest.Restore.class)).isEmpty();
        leader.onReply(new ReplicaReply.Suspect(from(B), 25, loss), 10);
        assertThat(leader.highWatermark()).as("a suspect counts for nothing").isEqualTo(20);
        assertThat(output.sent(ReplicaRequest.Restore.class)).singleElement().satisfies(restore -> {
            assertThat(restore.loss()).isEqualTo(loss);
            assertThat(restore.end()).isEqualTo(20);
        });
        leader.onReply(new ReplicaReply.Ack(from(B), 30, 0), 11);
        assertThat(leader.inSync(11)).contains(B);
        assertThat(leader.highWatermark()).isEqualTo(30);
    }

    @Test
    void isActiveOnlyWhenAMajorityIsSynced() {
        recover();
        assertThat(leader.isActive()).isFalse();
        leader.onReply(new ReplicaReply.Stored(from(B), 10), 4);
        assertThat(leader.isActive()).as("a copy on its way counts for nothing").isFalse();
        leader.onReply(new ReplicaReply.Ack(from(B), 10, 0), 4);
        assertThat(leader.isActive()).isTrue();
        assertThat(leader.highWatermark()).isEqualTo(10);
    }

    @Test
    void commitsWhatAMajorityAcknowledgedInThisEpoch() {
        activate();
        leader.ownStored(20, 5);
        leader.onReply(new ReplicaReply.Ack(new ReplicaReply.Header("log", 4, INCARNATION, B), 20, 0), 6);
        leader.onReply(new ReplicaReply.Ack(new ReplicaReply.Header("log", 5, new UUID(2, 2), B), 20, 0), 6);
        leader.onReply(new ReplicaReply.Ack(from(D), 20, 0), 6);
        assertThat(leader.highWatermark()).as("other epoch, other claimant, no replica").isEqualTo(10);
        leader.onReply(new ReplicaReply.Ack(from(B), 18, 0), 6);
        assertThat(leader.highWatermark()).isEqualTo(18);
    }

    @Test
    void commitsWhatAsManyAsDemandedNowAcknowledged() {
        activate();
        leader.ownStored(20, 5);
        leader.minInSync(3, 5);
        leader.onReply(new ReplicaReply.Ack(from(B), 20, 0), 6);
        assertThat(leader.highWatermark()).as("two of three").isEqualTo(10);

        leader.minInSync(1, 7);

        assertThat(leader.highWatermark()).isEqualTo(20);
        leader.minInSync(3, 8);
        assertThat(leader.highWatermark()).as("what is committed stays so").isEqualTo(20);
    }

    @Test
    void stopsAtAHigherPromiseAndPassesItsEpochOn() {
        activate();
        leader.onReply(new ReplicaReply.Reject(from(C), 9, 7, false), 5);
        assertThat(output.events).endsWith("stopped FENCED 9");
        leader.onReply(new ReplicaReply.Ack(from(B), 99, 0), 6);
        assertThat(leader.highWatermark()).isEqualTo(10);
    }

    @Test
    void givesUpWhenNoMajorityAnswers() {
        leader.start(0);
        leader.tick(1_000);
        assertThat(output.events).endsWith("stopped UNAVAILABLE 5");
    }

    @Test
    void sendsNoMoreThanTheWindowToASlowFollower() {
        activate();
        leader.ownStored(100, 5);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).containsExactly(10L);
        leader.sent(B, 10, 20, 500, 5);
        leader.sent(B, 20, 30, 500, 5);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).containsExactly(10L, 20L);
        leader.onReply(new ReplicaReply.Ack(from(B), 20, 0), 6);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).containsExactly(10L, 20L, 30L);
    }

    @Test
    void goesBackToWhereTheGapBegins() {
        activate();
        leader.ownStored(100, 5);
        leader.sent(B, 10, 20, 500, 5);
        leader.sent(B, 20, 30, 500, 5);
        leader.onReply(new ReplicaReply.Nack(from(B), 10, false), 6);
        leader.onReply(new ReplicaReply.Nack(from(B), 10, false), 6);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).containsExactly(10L, 20L, 10L);
    }

    /** The other end lost its last bytes though it acknowledged them: what is appended next must not wait for a gap to close by itself. */
    @Test
    void goesBackBehindWhatADiskHasLost() {
        activate();
        leader.ownStored(100, 5);
        leader.sent(B, 10, 100, 500, 5);
        leader.onReply(new ReplicaReply.Ack(from(B), 100, 0), 6);
        leader.ownStored(110, 7);
        leader.sent(B, 100, 110, 50, 7);
        leader.onReply(new ReplicaReply.Nack(from(B), 60, false), 8);
        assertThat(output.entries).as("perhaps an old answer").extracting(ReplicaRequest.Append::from)
                .containsExactly(10L, 100L);

        leader.tick(10_000);
        leader.onReply(new ReplicaReply.Nack(from(B), 60, false), 10_001);
        assertThat(output.entries).extracting(ReplicaRequest.Append::from).containsExactly(10L, 100L, 60L);
    }

    @Test
    void anIdleFollowerHearsTheHighWatermark() {
        activate();
        output.requests.clear();
        leader.tick(60);
        assertThat(output.sent(ReplicaRequest.Append.class)).singleElement().satisfies(append -> {
            assertThat(append.highWatermark()).isEqualTo(10);
            assertThat(append.batches().hasRemaining()).isFalse();
        });
    }

    @Test
    void theLowWatermarkIsWhereAllInSyncStart() {
        activate();
        leader.logStart(7, new LogBegin(0, 0), 5);
        assertThat(output.sent(ReplicaRequest.Append.class)).as("told at once, though there are no entries")
                .singleElement().extracting(ReplicaRequest.Append::logStart).isEqualTo(7L);
        assertThat(leader.lowWatermark(5)).isZero();
        leader.onReply(new ReplicaReply.Ack(from(B), 10, 7), 6);
        assertThat(leader.lowWatermark(6)).as("C is not in sync").isEqualTo(7);

        leader.onReply(promise(C, 3, 10), 7);
        leader.onReply(new ReplicaReply.Ack(from(C), 10, 5), 8);
        assertThat(leader.lowWatermark(8)).isEqualTo(5);
        leader.onReply(new ReplicaReply.Ack(from(B), 10, 7), 1_000);
        assertThat(leader.lowWatermark(1_000)).as("C is not in sync any more").isEqualTo(7);
    }

    @Test
    void whoeverLagsTooLongIsNotInSync() {
        activate();
        assertThat(leader.inSync(5)).containsExactly(A, B);
        leader.ownStored(20, 100);
        leader.onReply(new ReplicaReply.Ack(from(B), 15, 0), 150);
        assertThat(leader.inSync(150)).containsExactly(A, B);
        assertThat(leader.inSync(400)).containsExactly(A);
    }

    /** Seal, then ask, then both sets count, then the new one alone. */
    @Test
    void changesItsReplicasWithoutALapse() {
        activate();
        assertThat(leader.reconfigure(List.of(A, D), 10)).isTrue();
        assertThat(output.sent(ReplicaRequest.Seal.class)).as("D is not there yet").isEmpty();
        leader.onReply(promise(D, -1, 0), 11);
        leader.onReply(new ReplicaReply.Ack(from(D), 10, 0), 12);
        assertThat(output.sent(ReplicaRequest.Seal.class)).extracting(seal -> seal.header().target())
                .containsExactlyInAnyOrder(A, B);
        leader.onReply(new ReplicaReply.Sealed(from(A), 7), 13);
        leader.onReply(new ReplicaReply.Sealed(from(D), 7), 13);
        assertThat(output.events).as("a learner's seal does not count").doesNotContain("set 8");
        leader.onReply(new ReplicaReply.Sealed(from(B), 7), 13);
        assertThat(output.events).endsWith("set 8");

        leader.ownStored(20, 14);
        leader.onReply(new ReplicaReply.Ack(from(B), 20, 0), 15);
        assertThat(leader.highWatermark()).as("only the old set has it").isEqualTo(10);
        leader.onReply(new ReplicaReply.Ack(from(D), 20, 0), 15);
        assertThat(leader.highWatermark()).isEqualTo(20);
        leader.ownStored(30, 16);
        leader.onReply(new ReplicaReply.Ack(from(D), 30, 0), 17);
        assertThat(leader.highWatermark()).as("only the new set has it").isEqualTo(20);

        leader.tick(150);
        assertThat(output.events).as("no answer is no failure").filteredOn("set 8"::equals).hasSize(2);
        leader.configuration(new ReplicaSet(8, List.of(A, D)), 160);
        assertThat(leader.highWatermark()).isEqualTo(30);
    }

    @Test
    void askedForTheSameAgainChangesNothing() {
        activate();
        assertThat(leader.reconfigure(List.of(A, D), 10)).isTrue();
        leader.onReply(promise(D, -1, 0), 11);
        leader.onReply(new ReplicaReply.Ack(from(D), 10, 0), 12);
        leader.onReply(new ReplicaReply.Sealed(from(A), 7), 13);
        assertThat(leader.reconfigure(List.of(D, A), 14)).isTrue();
        assertThat(leader.reconfigure(List.of(A, B), 14)).as("it cannot be taken back").isFalse();
        leader.onReply(new ReplicaReply.Sealed(from(B), 7), 15);
        assertThat(output.events).as("the first seal still counts").endsWith("set 8");
        leader.configuration(new ReplicaSet(8, List.of(D, A)), 16);
        assertThat(output.events).as("the order does not matter").endsWith("configured 8");
        assertThat(leader.replicas().members()).containsExactly(D, A);
    }

    @Test
    void aChangeThatIsNotBegunIsTakenBack() {
        activate();
        assertThat(leader.reconfigure(List.of(A, D), 10)).isTrue();
        assertThat(leader.remaining(D)).hasValue(10);
        assertThat(leader.reconfigure(List.of(C, B, A), 11)).isTrue();
        assertThat(leader.remaining(D)).isEmpty();
        leader.onReply(promise(D, -1, 0), 12);
        leader.onReply(new ReplicaReply.Ack(from(D), 10, 0), 12);
        leader.tick(200);
        assertThat(output.sent(ReplicaRequest.Seal.class)).isEmpty();
    }

    @Test
    void aReplicaThatLeftComesBackInAnotherTermOnly() {
        activate();
        change(List.of(A, B), 8);
        assertThat(leader.reconfigure(List.of(A, B), 20)).as("nobody returns").isTrue();
        assertThat(leader.reconfigure(List.of(A, C), 21)).isFalse();
        assertThat(output.events).endsWith("stopped REPLICA_RETURNS 5");
    }

    @Test
    void aLeaderThatLeftItsLogComesBackInAnotherTermOnly() {
        activate();
        leader.onReply(promise(C, 3, 10), 9);
        leader.onReply(new ReplicaReply.Ack(from(C), 10, 0), 9);
        change(List.of(B, C), 8);
        leader.ownStored(20, 17);
        leader.onReply(new ReplicaReply.Ack(from(B), 20, 0), 18);
        assertThat(leader.highWatermark()).as("it does not count itself").isEqualTo(10);
        assertThat(leader.reconfigure(List.of(A, B), 20)).isFalse();
        assertThat(output.events).endsWith("stopped REPLICA_RETURNS 5");
    }

    @Test
    void whoWasOnlyBeingBroughtUpMayBeAgainUnderTheSameConfiguration() {
        activate();
        leader.reconfigure(List.of(A, D), 10);
        leader.reconfigure(List.of(A, B, C), 11);
        assertThat(leader.reconfigure(List.of(A, D), 12)).isTrue();
        leader.reconfigure(List.of(A, B, C), 13);
        change(List.of(A, B), 8);
        assertThat(leader.reconfigure(List.of(A, D), 20)).isFalse();
    }

    /** Goes through with it; the new members have everything. */
    private void change(List<ReplicaId> members, int version) {
        assertThat(leader.reconfigure(members, 14)).isTrue();
        leader.onReply(new ReplicaReply.Sealed(from(A), version - 1), 15);
        leader.onReply(new ReplicaReply.Sealed(from(B), version - 1), 15);
        leader.configuration(new ReplicaSet(version, members), 16);
        assertThat(output.events).endsWith("configured " + version);
    }

    @Test
    void stopsWhenSomebodyElseChangedTheConfiguration() {
        activate();
        leader.reconfigure(List.of(A, B), 10);
        leader.configuration(new ReplicaSet(8, List.of(A, B, C)), 11);
        assertThat(output.events).endsWith("stopped CONFIGURATION_CHANGED 5");
    }

    @Test
    void aSealedReplicaStopsItEvenWhenActive() {
        activate();
        leader.onReply(new ReplicaReply.Reject(from(B), 5, 8, true), 5);
        assertThat(leader.isActive()).as("an old answer: it has promised since").isTrue();
        leader.onReply(new ReplicaReply.Reject(from(C), 3, 8, true), 5);
        assertThat(output.events).endsWith("stopped SEALED 5");
    }

    /** The own log is best and ends at 10; B has promised and is being synced. */
    private void recover() {
        leader.start(0);
        leader.onReply(promise(A, 3, 10), 1);
        leader.onReply(promise(B, 3, 10), 1);
        leader.onReply(new ReplicaReply.Ack(from(A), 10, 0), 2);
        leader.onReply(promise(A, 5, 10), 3);
    }

    private void activate() {
        recover();
        leader.onReply(new ReplicaReply.Ack(from(B), 10, 0), 4);
        assertThat(leader.isActive()).isTrue();
    }

    private static ReplicaReply.Header from(ReplicaId source) {
        return new ReplicaReply.Header("log", 5, INCARNATION, source);
    }

    private static ReplicaReply promise(ReplicaId source, int synced, long logEnd) {
        return promise(source, synced, logEnd, false);
    }

    private static ReplicaReply suspectPromise(ReplicaId source, int synced, long logEnd) {
        return promise(source, synced, logEnd, true);
    }

    private static ReplicaReply promise(ReplicaId source, int synced, long logEnd, boolean suspect) {
        return new ReplicaReply.Promise(from(source), synced, HISTORY, ConfigurationHistory.EMPTY, 0,
                new LogBegin(0, 0), logEnd,
                logEnd, suspect);
    }

    private static final class Recorder implements LeaderOutput {
        private final List<ReplicaRequest> requests = new ArrayList<>();
        private final List<ReplicaRequest.Append> entries = new ArrayList<>();
        private final List<String> events = new ArrayList<>();

        <T extends ReplicaRequest> List<T> sent(Class<T> type) {
            return requests.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void send(ReplicaRequest request) {
            requests.add(request);
        }

        @Override
        public void sendEntries(ReplicaRequest.Append head, int maxBytes) {
            entries.add(head);
        }

        @Override
        public void active(long recoveredEnd, long logStart) {
            events.add("active " + recoveredEnd);
        }

        @Override
        public void highWatermark(long offset) {
            events.add("committed " + offset);
        }

        @Override
        public void compareAndSet(ReplicaSet next) {
            events.add("set " + next.version());
        }

        @Override
        public void configured(ReplicaSet current) {
            events.add("configured " + current.version());
        }

        @Override
        public void stopped(StopReason reason, int highestEpoch) {
            events.add("stopped " + reason + " " + highestEpoch);
        }
    }
}
