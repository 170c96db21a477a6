package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that cannot be read: an older one is as good only while the events after it are still there. */
class SnapshotDamageTest {
    @TempDir
    private Path dir;
    private PluginRig rig;
    private TestKit probe;

    @BeforeEach
    void start() {
        rig = new PluginRig(dir);
        probe = rig.probe();
        rig.write("id", 1, 30);
        save(10);
        save(20);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void theOneBeforeABrokenOneIsLoaded() throws IOException {
        damage(20);

        assertThat(load()).isInstanceOfSatisfying(LoadSnapshotResult.class,
                r -> assertThat(r.snapshot().get().snapshot()).isEqualTo("state-10"));
    }

    @Test
    void loadingFailsIfTheEventsBetweenAreDeleted() throws IOException {
        delete(20);
        damage(20);

        assertThat(load()).isInstanceOfSatisfying(LoadSnapshotFailed.class,
                f -> assertThat(f.cause()).hasMessageContaining("events are deleted up to 20"));
    }

    @Test
    void anOlderOneIsUsedIfOnlyTheEventsBeforeItAreDeleted() throws IOException {
        delete(10);
        damage(20);

        assertThat(load()).isInstanceOf(LoadSnapshotResult.class);
    }

    @Test
    void loadingFailsIfNoneCanBeRead() throws IOException {
        damage(10);
        damage(20);

        assertThat(load()).isInstanceOfSatisfying(LoadSnapshotFailed.class,
                f -> assertThat(f.cause()).hasMessageContaining("checksum").hasMessageContaining(".snapshot"));
    }

    private void save(long sequenceNr) {
        rig.snapshotStore().tell(new SaveSnapshot(SnapshotMetadata.apply("id", sequenceNr), "state-" + sequenceNr),
                probe.getRef());
        probe.expectMsgClass(Duration.ofSeconds(20), SaveSnapshotSuccess.class);
    }

    private Object load() {
        rig.snapshotStore().tell(new LoadSnapshot("id", SnapshotSelectionCriteria.latest(), Long.MAX_VALUE),
                probe.getRef());
        return probe.receiveOne(Duration.ofSeconds(20));
    }

    private void delete(long to) {
        rig.journal().tell(new DeleteMessagesTo("id", to, probe.getRef()), ActorRef.noSender());
        probe.expectMsgClass(Duration.ofSeconds(20), DeleteMessagesSuccess.class);
    }

    private void damage(long sequenceNr) throws IOException {
        Optional<Path> file;
        try (Stream<Path> all = Files.list(dir.resolve("snapshots/id"))) {
            file = all.filter(f -> f.getFileName().toString().startsWith(sequenceNr + "-")).findFirst();
        }
        byte[] bytes = Files.readAllBytes(file.orElseThrow());
        bytes[bytes.length / 2] ^= 1;
        Files.write(file.get(), bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
