package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage to the files of a replica while it is closed, and another replica that has what was there, or has not. */
class ReplicaMendTest {
    private static final UUID CLAIMANT = new UUID(1, 2);
    private static final int EPOCH = 4;
    private static final int BATCHES = 20;

    @TempDir
    Path dir;
    private FileLogStore store;
    private byte[] whole;
    private int batchBytes;

    /** Two closed segments and an active one; all batches have the same size, and record n is batch n. */
    @BeforeEach
    void fill() throws IOException {
        store = FileLogStore.open(
                TestLog.settings(dir).withThreads(1, 1).withDefaults(TestLog.config(1000, FlushMode.COMMIT)));
        ReplicaLog log = TestLog.get(store.openReplica(TestLog.ID));
        TestLog.get(log.atomically(s -> {
            s.promise(EPOCH, CLAIMANT, 0);
            s.synced(EPOCH);
            return null;
        }));
        for (int i = 0; i < BATCHES; i++) {
            TestLog.get(log.append(EPOCH, List.of(Batches.records(i, i + 1, EPOCH, 1, 50, i))));
        }
        store.close();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path segment : segments(dir)) {
            all.writeBytes(Files.readAllBytes(segment));
        }
        whole = all.toByteArray();
        batchBytes = whole.length / BATCHES;
        assertThat(segments(dir)).hasSizeGreaterThanOrEqualTo(3);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isMendedByAnotherReplicaBeforeAnythingIsServed(boolean scanned) throws IOException {
        recoverByScan(scanned);
        for (Path segment : segments(dir)) {
            flip(segment, batchBytes + 70);
        }
        open(this::intact);
        assertThat(readAll()).isEqualTo(whole);
        store.close();
        ByteArrayOutputStream onDisk = new ByteArrayOutputStream();
        for (Path segment : segments(dir)) {
            onDisk.writeBytes(Files.readAllBytes(segment));
        }
        assertThat(onDisk.toByteArray()).as("durable").isEqualTo(whole);
    }

    @Test
    void isMendedPieceByPiece() throws IOException {
        recoverByScan(true);
        Path first = segments(dir).get(0);
        byte[] zeroed = Files.readAllBytes(first);
        Arrays.fill(zeroed, batchBytes, zeroed.length, (byte) 0);
        Files.write(first, zeroed);
        open((log, damage) -> CompletableFuture.completedFuture(
                ByteBuffer.wrap(whole, (int) damage.from() * batchBytes, batchBytes).slice()));
        assertThat(readAll()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void servesNothingDamagedWhileNoOtherReplicaAnswers(boolean scanned) throws IOException {
        recoverByScan(scanned);
        Path damaged = segments(dir).get(scanned ? segments(dir).size() - 1 : 0);
        flip(damaged, batchBytes + 70);
        open((log, damage) -> CompletableFuture.failedFuture(new IOException("nobody is there")));
        assertThatThrownBy(this::readAll).hasCauseInstanceOf(CorruptLogException.class)
                .hasMessageContaining(damaged.getFileName().toString());

        store.mendFrom(this::intact);
        assertThat(readAll()).isEqualTo(whole);
    }

    /** The other replica may have entries there that another leader wrote, and that will be cut. */
    @Test
    void takesOnlyTheSameEntries() throws IOException {
        Path segment = segments(dir).get(0);
        EpochHistory epochs = EpochHistory.EMPTY.with(EPOCH, 0);
        Damage damage = new Damage(segment, batchBytes, batchBytes, 1, 2, EntryBatch.Kind.RECORDS, epochs);
        assertThat(damage.isMendedBy(ByteBuffer.wrap(whole, batchBytes, batchBytes))).isTrue();
        assertThat(damage.isMendedBy(ByteBuffer.wrap(whole, batchBytes, 2 * batchBytes))).as("more").isFalse();
        assertThat(damage.isMendedBy(ByteBuffer.wrap(whole, 0, batchBytes))).as("before").isFalse();
        assertThat(damage.isMendedBy(ByteBuffer.allocate(0))).as("nothing").isFalse();
        assertThat(damage.isMendedBy(ByteBuffer.wrap(whole, batchBytes, batchBytes - 1))).as("half").isFalse();
        byte[] flipped = Arrays.copyOfRange(whole, batchBytes, 2 * batchBytes);
        flipped[70] ^= 1;
        assertThat(damage.isMendedBy(ByteBuffer.wrap(flipped))).as("damaged as well").isFalse();
        ByteBuffer otherEpoch = Batches.records(1, 2, EPOCH + 1, 1, 50, 1).bytes();
        assertThat(otherEpoch.remaining()).isEqualTo(batchBytes);
        assertThat(damage.isMendedBy(otherEpoch)).as("of another epoch").isFalse();
    }

    private CompletionStage<ByteBuffer> intact(String log, Damage damage) {
        ByteBuffer batches = ByteBuffer.wrap(whole, (int) damage.from() * batchBytes,
                (int) (damage.to() - damage.from()) * batchBytes).slice();
        assertThat(damage.isMendedBy(batches)).as("%s", damage).isTrue();
        return CompletableFuture.completedFuture(batches);
    }

    /** Whether recovery meets the damage, or only a reader does. */
    private void recoverByScan(boolean scanned) throws IOException {
        if (scanned) {
            Files.delete(dir.resolve("logs").resolve(LogNames.directoryName(TestLog.ID)).resolve("checkpoint"));
        }
    }

    private void open(IntactCopies copies) {
        store = FileLogStore.open(
                TestLog.settings(dir).withThreads(1, 1).withDefaults(TestLog.config(1000, FlushMode.COMMIT)));
        store.mendFrom(copies);
    }

    private byte[] readAll() {
        ReplicaLog log = TestLog.get(store.openReplica(TestLog.ID));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long offset = 0;
        while (offset < log.view().logEndOffset()) {
            LogSlice tried = log.tryReadToEnd(offset, 1 << 20);
            try (LogSlice slice = tried != null ? tried : TestLog.get(log.readToEnd(offset, 1 << 20))) {
                ByteBuffer bytes = TestLog.bytes(slice);
                byte[] read = new byte[bytes.remaining()];
                bytes.get(read);
                all.writeBytes(read);
                assertThat(slice.nextOffset()).isGreaterThan(offset);
                offset = slice.nextOffset();
            }
        }
        assertThat(offset).isEqualTo(BATCHES);
        return all.toByteArray();
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 16;
        Files.write(file, bytes);
    }

    private static List<Path> segments(Path home) throws IOException {
        try (Stream<Path> files = Files
                .list(home.resolve("logs").resolve(LogNames.directoryName(TestLog.ID)))) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }
}
