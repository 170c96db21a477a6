package io.sluice.persistence.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EpochHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SelfHostedLeaderTest {
    private static final ReplicaId A = new ReplicaId("a");
    private static final ReplicaId B = new ReplicaId("b");
    private static final ReplicaId C = new ReplicaId("c");
    private static final ReplicaId D = new ReplicaId("d");
    private static final ReplicaId E = new ReplicaId("e");
    private static final UUID INCARNATION = new UUID(1, 1);

    private final Recorder output = new Recorder();
    private Leader leader = leader(false);

    private Leader leader(boolean bootstrap, ReplicaId... known) {
        leader = new Leader("log", A, new Replicas.SelfHosted(Set.of(known), bootstrap), 4, INCARNATION,
                new LeaderSettings(100, 1_000, 50, 200, 1_000, 500, 1), output);
        leader.start(0);
        return leader;
    }

    @Test
    void asksWhoeverTheLogsName() {
        leader(false, D);
        assertThat(output.claimed).contains(A, D);
        leader.onReply(promise(D, 1, 20, B, C, D), 1);
        assertThat(output.claimed).contains(B, C);
    }

    @Test
    void isAloneIfItsLogSaysSo() {
        leader.onReply(promise(A, 1, 10, A), 1);
        assertThat(output.recoveredTo).as("alone in its log").isEqualTo(10);
    }

    @Test
    void asksOnWhenTheBestLogNamesOthers() {
        leader(false, B);
        leader.onReply(promise(B, 2, 20, B, C, D), 1);
        leader.onReply(promise(A, 1, 10, A), 1);
        assertThat(output.recoveredTo).isEqualTo(-1);
        leader.onReply(promise(C, 2, 15, B, C, D), 1);
        assertThat(output.recoveredTo).isEqualTo(20);
    }

    /** Raft's mistake of 2015: an entry that was never committed must not say who counts. */
    @Test
    void anOlderConfigurationCountsIfItsLogIsTheOneToAdopt() {
        leader.onReply(promise(A, 1, 30, A, B, C, D, E), 1);
        leader.onReply(promise(B, 2, 20, A, B, C, D), 1);
        leader.onReply(promise(E, 1, 30, A, B, C, D, E), 1);
        assertThat(output.recoveredTo).as("A, B and E are no majority of A to D").isEqualTo(-1);
        leader.onReply(promise(C, 2, 25, A, B, C), 1);
        assertThat(output.recoveredTo).as("of A to C, two do").isEqualTo(25);
    }

    @Test
    void anEmptyLogIsOnlyLedByItsFounder() {
        leader.onReply(promise(A, -1, 0), 1);
        assertThat(output.recoveredTo).isEqualTo(-1);
        leader(true).onReply(promise(A, -1, 0), 1);
        assertThat(output.recoveredTo).isZero();
    }

    @Test
    void theFirstEntryNamesTheFounderAlone() {
        leader(true);
        activateAlone(0);
        assertThat(leader.isConfigured()).isFalse();
        assertThat(leader.mayAppend(List.of(A, B))).isFalse();
        assertThat(leader.mayAppend(List.of(A))).isTrue();
        append(0, A);
        assertThat(leader.isConfigured()).isTrue();
        assertThat(leader.highWatermark()).isEqualTo(1);
    }

    @Test
    void oneReplicaAtATimeAndTheLastChangeCommitted() {
        leader.onReply(promise(A, 3, 10, A), 1);
        activateAlone(10);
        assertThat(leader.mayAppend(List.of(A, B))).isTrue();
        assertThat(leader.mayAppend(List.of(B))).as("two changes").isFalse();
        assertThat(leader.mayAppend(List.of())).isFalse();
        assertThat(leader.mayAppend(List.of(A, B, B))).isFalse();
        append(10, A, B);
        assertThat(leader.highWatermark()).as("B has it not").isEqualTo(10);
        assertThat(leader.mayAppend(List.of(A, B, C))).as("the change is open").isFalse();
        sync(B, 11);
        assertThat(leader.highWatermark()).isEqualTo(11);
        assertThat(leader.mayAppend(List.of(A, B, C))).isTrue();
    }

    @Test
    void aLearnerCountsForNothingUntilItIsNamed() {
        leader.onReply(promise(A, 3, 10, A), 1);
        activateAlone(10);
        leader.learn(B, 10);
        assertThat(output.claimed).contains(B);
        assertThat(leader.mayChangeTo(List.of(A, B), 11)).as("not caught up").isFalse();
        sync(B, 10);
        assertThat(leader.isCaughtUp(B, 12)).isTrue();
        assertThat(leader.mayChangeTo(List.of(A, B), 12)).isTrue();
        assertThat(leader.replicas().members()).containsExactly(A);
        assertThat(leader.isCaughtUp(B, 1_000)).as("not heard of").isFalse();
    }

    @Test
    void whoLeavesGoesOnUntilThatIsCommitted() {
        leader.onReply(promise(A, 3, 10, A, B), 1);
        leader.onReply(promise(B, 3, 10, A, B), 1);
        recoverOwn(10, A, B);
        leader.onReply(new ReplicaReply.Ack(from(B), 10, 0), 4);
        assertThat(leader.isActive()).isTrue();
        append(10, B);
        assertThat(leader.isActive()).isTrue();
        assertThat(leader.highWatermark()).as("its own copy does not count").isEqualTo(10);
        leader.onReply(new ReplicaReply.Ack(from(B), 11, 0), 5);
        assertThat(leader.highWatermark()).isEqualTo(11);
        assertThat(output.events).endsWith("stopped REMOVED");
    }

    @Test
    void aReplicaThatBeginsAnewLearnsWhatIsInForceThere() {
        leader.onReply(promise(A, 3, 10, A), 1);
        activateAlone(10);
        append(10, A, B);
        leader.logStart(8, new LogBegin(8, 8), 4);
        output.syncs.clear();
        leader.onReply(promise(B, -1, 0), 5);
        assertThat(output.syncs).singleElement()
                .satisfies(sync -> assertThat(sync.configuration().replicas()).containsExactly("a"));
    }

    private void activateAlone(long end) {
        if (end == 0) {
            leader.onReply(promise(A, -1, 0), 1);
            recoverOwn(end);
        } else {
            recoverOwn(end, A);
        }
        assertThat(leader.isActive()).isTrue();
    }

    private void recoverOwn(long end, ReplicaId... replicas) {
        leader.onReply(new ReplicaReply.Ack(from(A), end, 0), 2);
        leader.onReply(promise(A, 5, end, replicas), 3);
    }

    private void sync(ReplicaId id, long end) {
        leader.onReply(promise(id, -1, 0), 11);
        leader.onReply(new ReplicaReply.Ack(from(id), end, 0), 12);
    }

    /** A configuration entry, which the own disk has at once. */
    private void append(long offset, ReplicaId... replicas) {
        leader.configurationAppended(new ConfigurationEntry(offset, disks(replicas)), 4);
        leader.ownStored(offset + 1, 4);
    }

    private static List<String> disks(ReplicaId... replicas) {
        return Arrays.stream(replicas).map(ReplicaId::diskId).toList();
    }

    private static ReplicaReply.Header from(ReplicaId source) {
        return new ReplicaReply.Header("log", 5, INCARNATION, source);
    }

    /** The configuration entry is the log's first one. */
    private static ReplicaReply promise(ReplicaId source, int synced, long logEnd, ReplicaId... replicas) {
        ConfigurationHistory configuration = replicas.length == 0
                ? ConfigurationHistory.EMPTY
                : ConfigurationHistory.EMPTY.with(new ConfigurationEntry(0, disks(replicas)));
        EpochHistory epochs = logEnd == 0 ? EpochHistory.EMPTY : EpochHistory.EMPTY.with(0, 0);
        return new ReplicaReply.Promise(from(source), synced, epochs, configuration, 0, new LogBegin(0, 0), logEnd,
                logEnd, false);
    }

    private static final class Recorder implements LeaderOutput {
        private final List<ReplicaId> claimed = new ArrayList<>();
        private final List<ReplicaRequest.Sync> syncs = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private long recoveredTo = -1;

        @Override
        public void send(ReplicaRequest request) {
            if (request instanceof ReplicaRequest.Claim) {
                claimed.add(request.header().target());
            } else if (request instanceof ReplicaRequest.Sync sync) {
                syncs.add(sync);
                recoveredTo = sync.recoveredEnd();
            }
        }

        @Override
        public void sendEntries(ReplicaRequest.Append head, int maxBytes) {
            // nothing is stored here
        }

        @Override
        public void active(long recoveredEnd, long logStart) {
            events.add("active");
        }

        @Override
        public void highWatermark(long offset) {
            events.add("committed " + offset);
        }

        @Override
        public void compareAndSet(ReplicaSet next) {
            throw new AssertionError("nobody else keeps the configuration");
        }

        @Override
        public void configured(ReplicaSet current) {
            events.add("configured " + current.members());
        }

        @Override
        public void stopped(StopReason reason, int highestEpoch) {
            events.add("stopped " + reason);
        }
    }
}
