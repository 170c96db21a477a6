package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.journal.TestActors.Persist;
import io.sluice.persistence.journal.TestActors.Recovered;
import io.sluice.persistence.journal.TestActors.RecoveryFailed;
import io.sluice.persistence.journal.TestActors.Stored;
import io.sluice.persistence.log.CorruptLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there after the actor system was started anew on the same directory. */
class RecoveryTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    @Test
    void tenThousandEventsAreThereAfterARestart() {
        List<String> events = IntStream.rangeClosed(1, 10_000).mapToObj(i -> "event-" + i).toList();
        try (PluginRig rig = new PluginRig(dir)) {
            TestKit probe = rig.probe();
            ActorRef actor = start(rig, "many", probe);
            probe.expectMsgClass(LONG, Recovered.class);
            actor.tell(new Persist(events), ActorRef.noSender());
            for (int i = 1; i <= events.size(); i++) {
                assertThat(probe.expectMsgClass(LONG, Stored.class)).isEqualTo(new Stored("event-" + i, i));
            }
        }
        try (PluginRig rig = new PluginRig(dir)) {
            TestKit probe = rig.probe();
            start(rig, "many", probe);

            Recovered recovered = probe.expectMsgClass(LONG, Recovered.class);
            assertThat(recovered.events()).isEqualTo(events);
            assertThat(recovered.highestSequenceNr()).isEqualTo(10_000);
        }
    }

    @Test
    void aDamagedEventStopsItsOwnActorOnly() throws Exception {
        try (PluginRig rig = new PluginRig(dir)) {
            rig.write("damaged", 1, 9);
            rig.write("sound", 1, 9);
        }
        Path segment = flip("damaged", "a-5");
        try (PluginRig rig = new PluginRig(dir)) {
            TestKit probe = rig.probe();
            start(rig, "damaged", probe);
            RecoveryFailed failed = probe.expectMsgClass(LONG, RecoveryFailed.class);
            assertThat(failed.cause()).isInstanceOf(CorruptLogException.class)
                    .hasMessageContaining(segment.toString())
                    .hasMessageContaining("offset 4");

            start(rig, "sound", probe);
            assertThat(probe.expectMsgClass(LONG, Recovered.class).events()).hasSize(9);
        }
    }

    /** Changes one byte of an event in a log's only segment. */
    private Path flip(String id, String event) throws IOException {
        Path segment;
        try (Stream<Path> files = Files.walk(dir)) {
            segment = files.filter(f -> f.toString().contains(id) && f.toString().endsWith(".log")).findFirst()
                    .orElseThrow();
        }
        int at = new String(Files.readAllBytes(segment), StandardCharsets.ISO_8859_1).indexOf(event);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{'?'}), at);
        }
        return segment;
    }

    private static ActorRef start(PluginRig rig, String id, TestKit probe) {
        return rig.system.actorOf(TestActors.props(id, probe.getRef()));
    }
}
