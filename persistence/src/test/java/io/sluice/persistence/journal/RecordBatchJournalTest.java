package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.RecordBatch;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.journal.TestActors.Failed;
import io.sluice.persistence.journal.TestActors.Persist;
import io.sluice.persistence.journal.TestActors.Recovered;
import io.sluice.persistence.journal.TestActors.Rejected;
import io.sluice.persistence.journal.TestActors.Stored;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch.Kind;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An actor whose events are record batches, as a topic partition is. */
class RecordBatchJournalTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path dir;
    private PluginRig rig;
    private TestKit probe;

    @BeforeEach
    void start() {
        rig = new PluginRig(dir);
        probe = rig.probe();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void batchesAreStoredAsTheyAre() throws Exception {
        ActorRef partition = startPartition();
        Log log = log();
        List<RecordBatch> batches = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            batches.add(TestActors.batch(i * 3L, log.leaderEpoch(), 3));
        }

        partition.tell(new Persist(batches), ActorRef.noSender());

        for (int i = 0; i < 50; i++) {
            Stored stored = probe.expectMsgClass(LONG, Stored.class);
            assertThat(stored.event()).isEqualTo(batches.get(i).header());
        }
        assertThat(log.kind()).isEqualTo(Kind.RECORDS);
        assertThat(log.view().highWatermark()).isEqualTo(150);
        assertThat(bytesFrom(log, 3)).startsWith(array(batches.get(1).bytes()));
    }

    @Test
    void recoveryHandsOutTheHeadsOnly() {
        ActorRef partition = startPartition();
        RecordBatch one = TestActors.batch(0, log().leaderEpoch(), 7);
        RecordBatch two = TestActors.batch(7, log().leaderEpoch(), 1);
        partition.tell(new Persist(List.of(one, two)), ActorRef.noSender());
        probe.expectMsgClass(LONG, Stored.class);
        probe.expectMsgClass(LONG, Stored.class);
        rig.close();

        rig = new PluginRig(dir);
        probe = rig.probe();
        rig.system.actorOf(TestActors.props("t-0", probe.getRef()));

        Recovered recovered = probe.expectMsgClass(LONG, Recovered.class);
        assertThat(recovered.events()).containsExactly(one.header(), two.header());
        assertThat(recovered.highestSequenceNr()).isEqualTo(2);
        assertThat(log().leaderEpoch()).isEqualTo(one.header().leaderEpoch() + 1);
    }

    @Test
    void recoveryLeavesDamagedBatchesOut() throws IOException {
        ActorRef partition = startPartition();
        List<RecordBatch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batches.add(TestActors.batch(i, log().leaderEpoch(), 1));
        }
        partition.tell(new Persist(batches), ActorRef.noSender());
        batches.forEach(each -> probe.expectMsgClass(LONG, Stored.class));
        rig.close();
        flipABit(batches.getFirst().header().sizeInBytes() + BatchHeader.BYTES);

        rig = new PluginRig(dir);
        probe = rig.probe();
        rig.system.actorOf(TestActors.props("t-0", probe.getRef()));

        Recovered recovered = probe.expectMsgClass(LONG, Recovered.class);
        assertThat(recovered.events()).containsExactly(batches.get(0).header(), batches.get(2).header(),
                batches.get(3).header());
        assertThat(recovered.highestSequenceNr()).isEqualTo(4);
    }

    private void flipABit(long position) throws IOException {
        try (FileChannel file = FileChannel.open(dir.resolve("logs/t-0/00000000000000000000.1.log"),
                StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            file.write(one, position);
        }
    }

    @Test
    void aBatchWithTheEpochOfAnEarlierClaimIsRefused() {
        ActorRef partition = startPartition();
        BatchHeader old = TestActors.batch(0, log().leaderEpoch() - 1, 1).header();

        partition.tell(new Persist(List.of(TestActors.batch(0, old.leaderEpoch(), 1))), ActorRef.noSender());

        assertThat(probe.expectMsgClass(LONG, Failed.class).cause()).isInstanceOf(FencedException.class);
        assertThat(log().view().logEndOffset()).isZero();
    }

    @Test
    void anEventOfAnotherKindIsNotStored() {
        ActorRef partition = startPartition();
        partition.tell(new Persist(List.of(TestActors.batch(0, log().leaderEpoch(), 1), "text")), ActorRef.noSender());

        probe.expectMsgClass(LONG, Stored.class);
        Object answer = probe.receiveOne(LONG);
        assertThat(answer).satisfiesAnyOf(a -> assertThat(a).isInstanceOf(Failed.class),
                a -> assertThat(a).isInstanceOf(Rejected.class));
        assertThat(log().view().highestSequenceNr()).isEqualTo(1);
    }

    private ActorRef startPartition() {
        ActorRef partition = rig.system.actorOf(TestActors.props("t-0", probe.getRef()));
        probe.expectMsgClass(LONG, Recovered.class);
        return partition;
    }

    private Log log() {
        return SluicePersistence.get(rig.system).store().ifOpen("t-0").orElseThrow();
    }

    private static byte[] bytesFrom(Log log, long offset) throws Exception {
        try (LogSlice slice = log.view().read(offset, 1 << 20, true).toCompletableFuture().get()) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.length());
            slice.channel().read(bytes, slice.position());
            return bytes.array();
        }
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }
}
