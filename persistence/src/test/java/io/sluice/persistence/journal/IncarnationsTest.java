package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.journal.TestActors.Failed;
import io.sluice.persistence.journal.TestActors.Persist;
import io.sluice.persistence.journal.TestActors.Recovered;
import io.sluice.persistence.journal.TestActors.Stored;
import io.sluice.persistence.log.FencedException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of several live actors with one persistence id, only the one that recovered last can write. */
class IncarnationsTest {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    private Path dir;
    private PluginRig rig;

    @BeforeEach
    void start() {
        rig = new PluginRig(dir, "sluice.persistence.log.idle-close = 50ms");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void theOlderOfTwoLiveActorsCanStoreNothing() {
        Incarnation older = new Incarnation("id");
        Incarnation newer = new Incarnation("id");

        older.persist("from older");
        assertThat(older.probe.expectMsgClass(Failed.class).cause()).isInstanceOf(FencedException.class);
        newer.persist("from newer");
        newer.expectStored("from newer", 1);

        assertThat(rig.replayAll("id").payloads()).containsExactly("from newer");
    }

    @Test
    void theOlderOneStaysOutAfterTheNewerHasStopped() {
        Incarnation older = new Incarnation("id");
        Incarnation newer = new Incarnation("id");
        newer.stop();

        older.persist("from older");

        assertThat(older.probe.expectMsgClass(Failed.class).cause()).isInstanceOf(FencedException.class);
        assertThat(rig.replayAll("id").payloads()).isEmpty();
    }

    @Test
    void oneAfterTheOtherWriteOn() {
        for (int i = 1; i <= 5; i++) {
            Incarnation one = new Incarnation("id");
            assertThat(one.recovered.highestSequenceNr()).isEqualTo(i - 1);
            one.persist("e-" + i);
            one.expectStored("e-" + i, i);
            one.stop();
        }
        assertThat(rig.replayAll("id").payloads()).containsExactly("e-1", "e-2", "e-3", "e-4", "e-5");
    }

    @Test
    void anActorThatRestedLongCanWriteOn() {
        Incarnation one = new Incarnation("id");
        one.persist("before");
        one.expectStored("before", 1);
        Assumptions.assumeTrue(Files.isDirectory(OPEN_FILES), "open files of a process can be listed");
        Awaitility.await().untilAsserted(() -> assertThat(openSegments()).isEmpty());

        one.persist("after");
        one.persist("and on");

        one.expectStored("after", 2);
        one.expectStored("and on", 3);
        assertThat(rig.replayAll("id").payloads()).containsExactly("before", "after", "and on");
    }

    private List<Path> openSegments() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                try {
                    Path target = Files.readSymbolicLink(file);
                    if (target.startsWith(dir.toRealPath()) && target.toString().endsWith(".log")) {
                        open.add(target);
                    }
                } catch (NoSuchFileException e) {
                    assertThat(file).doesNotExist(); // closed while we looked
                }
            }
        }
        return open;
    }

    private final class Incarnation {
        final TestKit probe = rig.probe();
        final ActorRef actor;
        final Recovered recovered;

        Incarnation(String id) {
            actor = rig.system.actorOf(TestActors.props(id, probe.getRef()));
            recovered = probe.expectMsgClass(Duration.ofSeconds(20), Recovered.class);
        }

        void persist(Object event) {
            actor.tell(new Persist(List.of(event)), ActorRef.noSender());
        }

        void expectStored(Object event, long sequenceNr) {
            assertThat(probe.expectMsgClass(Duration.ofSeconds(20), Stored.class))
                    .isEqualTo(new Stored(event, sequenceNr));
        }

        void stop() {
            probe.watch(actor);
            rig.system.stop(actor);
            probe.expectTerminated(actor);
        }
    }
}
