package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a replicated log, over real disks and sockets and through the plugin. */
class ReplicatedSnapshotsTest {
    @TempDir
    private Path directory;
    private SnapshotNodes snapshots;

    @BeforeEach
    void start() {
        snapshots = new SnapshotNodes(directory);
        get(snapshots.nodes.log(0).claim());
    }

    @AfterEach
    void stop() {
        snapshots.close();
    }

    @Test
    void theNextLeaderLoadsWhatTheLastOneSaved() {
        snapshots.nodes.stop(2);
        assertThat(snapshots.save(0, 10, "ten")).isInstanceOf(SaveSnapshotSuccess.class);
        assertThat(snapshots.stored(1)).containsExactly(10L);
        assertThat(snapshots.stored(2)).isEmpty();
        snapshots.nodes.start(2);
        snapshots.stop(0);

        assertThat(snapshots.load(1)).isEqualTo("ten");
    }

    @Test
    void whatOneReplicaLostAnotherHas() throws IOException {
        saveEverywhere(10, "ten");
        saveEverywhere(20, "twenty");
        Files.delete(snapshots.file(1, 20));
        snapshots.stop(0);

        assertThat(snapshots.stored(1)).containsExactly(10L);
        assertThat(snapshots.load(1)).isEqualTo("twenty");
    }

    @Test
    void whatIsDamagedHereIsWholeElsewhere() throws IOException {
        saveEverywhere(10, "ten");
        saveEverywhere(20, "twenty");
        damage(0, 20);

        assertThat(snapshots.load(0)).isEqualTo("twenty");
    }

    @Test
    void aDamagedSnapshotDoesNotMakeTheOneBeforeTheNewest() throws IOException {
        saveEverywhere(10, "ten");
        saveEverywhere(20, "twenty");
        Files.delete(snapshots.file(1, 20));
        damage(2, 20);
        snapshots.stop(0);

        assertThat(snapshots.load(1)).isInstanceOfSatisfying(LoadSnapshotFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class));
    }

    @Test
    void withoutAMajorityNothingIsSaved() {
        snapshots.stop(1);
        snapshots.stop(2);

        assertThat(snapshots.save(0, 10, "ten")).isInstanceOfSatisfying(SaveSnapshotFailure.class,
                failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("was not stored by a majority"));
    }

    @Test
    void withoutAMajorityNothingIsLoaded() {
        saveEverywhere(10, "ten");
        snapshots.stop(0);
        snapshots.stop(1);

        assertThat(snapshots.load(2)).isInstanceOfSatisfying(LoadSnapshotFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class));
    }

    @Test
    void aLargeOneTravelsWhole() {
        String large = "0123456789".repeat(500_000);
        assertThat(snapshots.save(0, 10, large)).isInstanceOf(SaveSnapshotSuccess.class);
        int lacking = snapshots.stored(1).isEmpty() ? 1 : 2;
        assertThat(snapshots.load(lacking)).isEqualTo(large);
    }

    @Test
    void thereMayBeNone() {
        assertThat(snapshots.load(0)).isNull();
        assertThat(snapshots.load(1)).isNull();
    }

    @Test
    void whoDoesNotLeadSavesNothing() {
        get(snapshots.nodes.log(1).claim());

        assertThat(snapshots.save(0, 10, "ten")).isInstanceOfSatisfying(SaveSnapshotFailure.class,
                failed -> assertThat(failed.cause()).isInstanceOf(FencedException.class));
        assertThat(snapshots.stored(1)).isEmpty();
    }

    @Test
    void othersKeepTheNewestTwo() {
        saveEverywhere(10, "ten");
        saveEverywhere(20, "twenty");
        saveEverywhere(30, "thirty");

        assertThat(snapshots.stored(0)).containsExactly(10L, 20L, 30L);
        assertThat(snapshots.stored(1)).containsExactly(20L, 30L);
    }

    @Test
    void whatIsDeletedIsDeletedElsewhere() {
        saveEverywhere(10, "ten");
        saveEverywhere(20, "twenty");

        snapshots.delete(0, 10);

        for (int i = 0; i < 3; i++) {
            int node = i;
            await().untilAsserted(() -> assertThat(snapshots.stored(node)).containsExactly(20L));
        }
    }

    @Test
    void whatIsTooLargeForAMessageIsRefused() {
        ByteBuffer large = ByteBuffer.allocate(101 << 20);

        assertThatThrownBy(() -> get(((SnapshotReplicas) snapshots.nodes.store(0)).saveSnapshot(ThreeNodes.LOG,
                new SnapshotName(10, 1), large)))
                .hasMessageContaining("sluice.replication.frame-bytes-max is 105906176");
    }

    private void saveEverywhere(long sequenceNr, String state) {
        assertThat(snapshots.save(0, sequenceNr, state)).isInstanceOf(SaveSnapshotSuccess.class);
        for (int i = 0; i < 3; i++) {
            int node = i;
            await().untilAsserted(() -> assertThat(snapshots.stored(node)).contains(sequenceNr));
        }
    }

    private void damage(int node, long sequenceNr) throws IOException {
        Path file = snapshots.file(node, sequenceNr);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
