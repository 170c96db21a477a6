package io.sluice.persistence.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final ReplicaId SELF = new ReplicaId("disk");
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID LOSS = new UUID(0, 3);
    private static final UUID OTHER = new UUID(0, 2);
    private static final EpochHistory TEN_IN_EPOCH_1 = EpochHistory.EMPTY.with(1, 0);

    private final Replica replica = new Replica(SELF);
    private final MemoryStore store = new MemoryStore(new Checker(), "store");

    /** Synced in epoch 1, with ten entries. */
    @BeforeEach
    void tenEntriesInEpoch1() throws IOException {
        claim(1, ONE, 0);
        sync(1, ONE, EpochHistory.EMPTY, 0, 0);
        assertThat(append(1, ONE, 0, -1, 0, 0, 10)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(store.logEndOffset()).isEqualTo(10);
    }

    @Test
    void ignoresWhatIsMeantForAnotherDisk() throws IOException {
        ReplicaRequest.Header h = new ReplicaRequest.Header("log", 9, OTHER, new ReplicaId("old disk"));
        assertThat(replica.handle(new ReplicaRequest.Claim(h, 0), store)).isNull();
        assertThat(store.promisedEpoch()).isEqualTo(1);
    }

    @Test
    void promisesAnEpochToOneClaimantOnly() throws IOException {
        assertThat(claim(2, ONE, 0)).isInstanceOf(ReplicaReply.Promise.class);
        assertThat(claim(2, OTHER, 0)).isInstanceOf(ReplicaReply.Reject.class);
        assertThat(claim(2, ONE, 0)).as("asked again").isInstanceOf(ReplicaReply.Promise.class);
        assertThat(claim(1, ONE, 0)).isInstanceOfSatisfying(ReplicaReply.Reject.class,
                reject -> assertThat(reject.promisedEpoch()).isEqualTo(2));
    }

    @Test
    void keepsItsPromiseOverACrash() throws IOException {
        claim(5, OTHER, 0);
        store.crash(new SplittableRandom(1), false);
        assertThat(append(1, ONE, 10, 1, 0, 0, 1)).isInstanceOf(ReplicaReply.Reject.class);
    }

    @Test
    void refusesASealedConfigurationForGood() throws IOException {
        assertThat(seal(1, OTHER, 3)).isInstanceOf(ReplicaReply.Reject.class);
        assertThat(seal(1, ONE, 3)).isInstanceOf(ReplicaReply.Sealed.class);
        assertThat(claim(7, OTHER, 3)).isInstanceOfSatisfying(ReplicaReply.Reject.class, reject -> {
            assertThat(reject.sealed()).isTrue();
            assertThat(reject.minConfig()).isEqualTo(4);
        });
        assertThat(claim(7, OTHER, 4)).isInstanceOf(ReplicaReply.Promise.class);
    }

    @Test
    void dropsItsDataForAConfigurationThatDoesNotNameItAndKeepsItsWord() throws IOException {
        claim(2, OTHER, 4);
        assertThat(replica.retire(4, store)).as("claimed under it").isFalse();
        assertThat(store.logEndOffset()).isEqualTo(10);
        assertThat(replica.retire(5, store)).isTrue();
        assertThat(store.logEndOffset()).isZero();
        assertThat(store.syncedEpoch()).isEqualTo(-1);
        assertThat(append(1, ONE, 10, 1, 0, 0, 1)).isInstanceOf(ReplicaReply.Reject.class);
        assertThat(claim(9, ONE, 4)).isInstanceOfSatisfying(ReplicaReply.Reject.class,
                reject -> assertThat(reject.sealed()).isTrue());
        assertThat(claim(2, ONE, 5)).isInstanceOfSatisfying(ReplicaReply.Reject.class,
                reject -> assertThat(reject.promisedEpoch()).isEqualTo(2));
    }

    @Test
    void aClaimUnderALaterConfigurationKeepsTheDataThoughItIsPromisedAlready() throws IOException {
        claim(2, OTHER, 4);
        claim(2, OTHER, 5);
        assertThat(replica.retire(5, store)).isFalse();
        assertThat(replica.retire(6, store)).isTrue();
    }

    @Test
    void whatNeverPromisedAnythingNeedsNoNote() throws IOException {
        MemoryStore fresh = new MemoryStore(new Checker(), "fresh");
        assertThat(replica.retire(3, fresh)).isTrue();
        assertThat(fresh.minConfig()).isZero();
    }

    @Test
    void aSuspectCopyAcknowledgesNothingUntilItHasWhatTheLeaderHadAfterTheLoss() throws IOException {
        store.losePower(new SplittableRandom(1), LOSS);
        long left = store.logEndOffset();
        assertThat(append(1, ONE, 10, 1, 0, 0, 1)).as("a gap").isEqualTo(suspect(left));
        assertThat(restore(OTHER, left)).as("of another loss").isEqualTo(suspect(left));
        assertThat(restore(LOSS, left + 1)).as("too short").isEqualTo(suspect(left));
        assertThat(append(1, ONE, left, 1, 0, 0, 1)).isEqualTo(suspect(left + 1));
        assertThat(sync(1, ONE, TEN_IN_EPOCH_1, 0, 0)).isEqualTo(suspect(left + 1));
        assertThat(restore(LOSS, left + 1)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(append(1, ONE, left + 1, 1, 0, 0, 1)).isInstanceOf(ReplicaReply.Ack.class);
    }

    @Test
    void aSuspectCopySaysSoWhenItPromisesAndIsSuspectNoMoreOnceItIsSyncedInThatEpoch() throws IOException {
        store.losePower(new SplittableRandom(1), LOSS);
        assertThat(claim(2, OTHER, 0)).isInstanceOfSatisfying(ReplicaReply.Promise.class,
                promise -> assertThat(promise.suspect()).isTrue());
        assertThat(sync(2, OTHER, EpochHistory.EMPTY, 0, 0)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(claim(2, OTHER, 0)).isInstanceOfSatisfying(ReplicaReply.Promise.class,
                promise -> assertThat(promise.suspect()).isFalse());
    }

    private static ReplicaReply suspect(long logEnd) {
        return new ReplicaReply.Suspect(new ReplicaReply.Header("log", 1, ONE, SELF), logEnd, LOSS);
    }

    private ReplicaReply restore(UUID loss, long end) throws IOException {
        return replica.handle(
                new ReplicaRequest.Restore(new ReplicaRequest.Header("log", 1, ONE, SELF), loss, end), store);
    }

    @Test
    void takesNothingFromADeposedLeader() throws IOException {
        claim(2, OTHER, 0);
        assertThat(append(1, ONE, 10, 1, 0, 0, 1)).isInstanceOf(ReplicaReply.Reject.class);
        assertThat(sync(1, ONE, TEN_IN_EPOCH_1, 0, 5)).isInstanceOf(ReplicaReply.Reject.class);
        assertThat(store.logEndOffset()).isEqualTo(10);
    }

    @Test
    void cutsWhatConflictsAndIsSyncedOnlyWhenComplete() throws IOException {
        claim(3, OTHER, 0);
        EpochHistory leaders = TEN_IN_EPOCH_1.with(2, 6);
        assertThat(sync(3, OTHER, leaders, 0, 9)).isInstanceOfSatisfying(ReplicaReply.Stored.class,
                stored -> assertThat(stored.logEnd()).isEqualTo(6));
        assertThat(store.syncedEpoch()).isEqualTo(1);
        assertThat(append(3, OTHER, 6, 1, 9, 2, 2)).isInstanceOf(ReplicaReply.Stored.class);
        assertThat(store.syncedEpoch()).isEqualTo(1);
        assertThat(append(3, OTHER, 8, 2, 9, 2, 1)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(store.syncedEpoch()).isEqualTo(3);
    }

    @Test
    void keepsNoTailBeyondTheRecoveredEndThoughNothingConflicts() throws IOException {
        claim(2, OTHER, 0);
        assertThat(sync(2, OTHER, TEN_IN_EPOCH_1, 0, 7)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(store.logEndOffset()).isEqualTo(7);
    }

    @Test
    void cutsNothingOnceSynced() throws IOException {
        assertThat(sync(1, ONE, EpochHistory.EMPTY, 0, 0)).as("late").isInstanceOfSatisfying(ReplicaReply.Ack.class,
                ack -> assertThat(ack.logEnd()).isEqualTo(10));
        assertThat(append(1, ONE, 3, 1, 0, 1, 2)).as("late").isInstanceOfSatisfying(ReplicaReply.Ack.class,
                ack -> assertThat(ack.logEnd()).isEqualTo(10));
    }

    @Test
    void beginsAnewAtALogStartBeyondItsEnd() throws IOException {
        claim(2, OTHER, 0);
        assertThat(sync(2, OTHER, EpochHistory.EMPTY.with(1, 50), 50, 60)).isInstanceOf(ReplicaReply.Stored.class);
        assertThat(store.logStartOffset()).isEqualTo(50);
        assertThat(store.logEndOffset()).isEqualTo(50);
    }

    @Test
    void takesOnlyWhatIsMissing() throws IOException {
        assertThat(append(1, ONE, 8, 1, 0, 1, 4)).isInstanceOfSatisfying(ReplicaReply.Ack.class,
                ack -> assertThat(ack.logEnd()).isEqualTo(12));
        assertThat(append(1, ONE, 13, 1, 0, 1, 1)).isInstanceOfSatisfying(ReplicaReply.Nack.class, nack -> {
            assertThat(nack.logEnd()).isEqualTo(12);
            assertThat(nack.needsSync()).isFalse();
        });
    }

    @Test
    void isSyncedByAnAppendAtItsEndBehindTheSameEpoch() throws IOException {
        claim(2, OTHER, 0);
        assertThat(append(2, OTHER, 10, 0, 10, 2, 1)).as("another epoch before it")
                .isInstanceOfSatisfying(ReplicaReply.Nack.class, nack -> assertThat(nack.needsSync()).isTrue());
        assertThat(append(2, OTHER, 9, 1, 9, 2, 1)).as("not at the end").isInstanceOf(ReplicaReply.Nack.class);
        assertThat(append(2, OTHER, 10, 1, 10, 2, 1)).isInstanceOf(ReplicaReply.Ack.class);
        assertThat(store.syncedEpoch()).isEqualTo(2);
    }

    @Test
    void confirmsWhatWasReadOnlyIfThePromiseStillHolds() throws IOException {
        ReplicaReply.Entries read = new ReplicaReply.Entries(new ReplicaReply.Header("log", 1, ONE, SELF), 0,
                EntryBatch.Kind.RECORDS, ByteBuffer.allocate(0));
        assertThat(replica.confirm(read, store)).isSameAs(read);
        claim(2, OTHER, 0);
        assertThat(replica.confirm(read, store)).isInstanceOf(ReplicaReply.Reject.class);
    }

    private static ReplicaRequest.Header from(int epoch, UUID claimant) {
        return new ReplicaRequest.Header("log", epoch, claimant, SELF);
    }

    private ReplicaReply claim(int epoch, UUID claimant, int configVersion) throws IOException {
        return replica.handle(new ReplicaRequest.Claim(from(epoch, claimant), configVersion), store);
    }

    private ReplicaReply seal(int epoch, UUID claimant, int configVersion) throws IOException {
        return replica.handle(new ReplicaRequest.Seal(from(epoch, claimant), configVersion), store);
    }

    private ReplicaReply sync(int epoch, UUID claimant, EpochHistory epochs, long logStart, long recoveredEnd)
            throws IOException {
        return replica.handle(new ReplicaRequest.Sync(from(epoch, claimant), epochs, ConfigurationHistory.EMPTY,
                new LogBegin(logStart, 0), recoveredEnd), store);
    }

    private ReplicaReply append(int epoch, UUID claimant, long from, int previousEpoch, long recoveredEnd,
            int entryEpoch, int entries) throws IOException {
        List<Entry> batches = new ArrayList<>();
        for (long base = from; base < from + entries; base++) {
            batches.add(new Entry(base, 1, entryEpoch == 0 ? 1 : entryEpoch, base));
        }
        return replica.handle(new ReplicaRequest.Append(from(epoch, claimant), from, previousEpoch, recoveredEnd, 0, 0,
                EntryBatch.Kind.RECORDS, Entry.encode(batches)), store);
    }
}
