package io.sluice.persistence.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import scala.jdk.javaapi.CollectionConverters;

/** An actor system on a data directory, and a hand to play persistent actor with its plugins. */
final class PluginRig implements AutoCloseable {
    static final String WRITER = "writer-1";
    private static final int INSTANCE = 17;

    final ActorSystem system;

    PluginRig(Path dir) {
        this(dir, "");
    }

    PluginRig(Path dir, String more) {
        system = ActorSystem.create("rig", config(dir, more));
    }

    static Config config(Path dir, String more) {
        return ConfigFactory.parseString(more)
                .withFallback(ConfigFactory.parseString("""
                        pekko.loglevel = WARNING
                        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                        pekko.log-dead-letters = off
                        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        pekko.persistence.journal.plugin = "sluice.persistence.journal"
                        pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                        """))
                .withFallback(ConfigFactory.parseString("sluice.persistence.dir = \"" + dir + "\""))
                .withFallback(ConfigFactory.load());
    }

    ActorRef journal() {
        return Persistence.get(system).journalFor(null, ConfigFactory.empty());
    }

    ActorRef snapshotStore() {
        return Persistence.get(system).snapshotStoreFor(null, ConfigFactory.empty());
    }

    TestKit probe() {
        return new TestKit(system);
    }

    static PersistentRepr event(String id, long sequenceNr, Object payload) {
        return PersistentRepr.apply(payload, sequenceNr, id, "", false, ActorRef.noSender(), WRITER);
    }

    static AtomicWrite atomic(PersistentRepr... events) {
        return AtomicWrite.apply(CollectionConverters.asScala(Arrays.asList(events)).toList());
    }

    /** Sends writes without waiting for the answer, which goes to the probe. */
    void send(TestKit probe, ActorRef sender, AtomicWrite... writes) {
        List<PersistentEnvelope> envelopes = new ArrayList<>(Arrays.asList(writes));
        journal().tell(new WriteMessages(CollectionConverters.asScala(envelopes).toList(), probe.getRef(), INSTANCE),
                sender);
    }

    /** Writes the events {@code a-from} to {@code a-to}, the last two atomically, and waits until they are stored. */
    void write(String id, int from, int to) {
        List<AtomicWrite> writes = new ArrayList<>();
        for (int i = from; i < to - 1; i++) {
            writes.add(atomic(event(id, i, "a-" + i)));
        }
        writes.add(to > from
                ? atomic(event(id, to - 1, "a-" + (to - 1)), event(id, to, "a-" + to))
                : atomic(event(id, to, "a-" + to)));
        write(writes.toArray(AtomicWrite[]::new));
    }

    /** Writes and waits until all is stored. */
    void write(AtomicWrite... writes) {
        TestKit probe = probe();
        send(probe, ActorRef.noSender(), writes);
        probe.expectMsg(Duration.ofSeconds(20), WriteMessagesSuccessful$.MODULE$);
        for (AtomicWrite write : writes) {
            for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
                WriteMessageSuccess success = probe.expectMsgClass(WriteMessageSuccess.class);
                if (success.persistent().sequenceNr() != event.sequenceNr()) {
                    throw new AssertionError(success + " instead of " + event);
                }
            }
        }
    }

    /** What recovery brought. */
    record Recovered(List<PersistentRepr> events, long highestSequenceNr) {
        List<Object> payloads() {
            return events.stream().map(PersistentRepr::payload).toList();
        }
    }

    Recovered replay(String id, long from, long to, long max) {
        return replay(ActorRef.noSender(), id, from, to, max);
    }

    Recovered replay(ActorRef sender, String id, long from, long to, long max) {
        TestKit probe = probe();
        List<PersistentRepr> events = new ArrayList<>();
        journal().tell(new ReplayMessages(from, to, max, id, probe.getRef()), sender);
        while (true) {
            Object answer = probe.receiveOne(Duration.ofSeconds(20));
            if (answer instanceof ReplayedMessage replayed) {
                events.add(replayed.persistent());
            } else if (answer instanceof RecoverySuccess success) {
                return new Recovered(events, success.highestSequenceNr());
            } else {
                throw new AssertionError("unexpected " + answer);
            }
        }
    }

    Recovered replayAll(String id) {
        return replay(id, 0, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the actor system does not stop", e);
        }
    }
}
