package io.sluice.persistence.journal;

import io.sluice.persistence.RecordBatch;
import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import scala.Option;

/** Small classic persistent actors. They tell a listener what happens to them. */
final class TestActors {
    private TestActors() {
    }

    /** Told by an actor after recovery. */
    record Recovered(List<Object> events, long highestSequenceNr) {}

    /** Told by an actor whose recovery failed. */
    record RecoveryFailed(Throwable cause) {}

    /** Told by an actor when an event is stored. */
    record Stored(Object event, long sequenceNr) {}

    /** Told by an actor when an event could not be stored. */
    record Failed(Object event, Throwable cause) {}

    /** Told by an actor whose event was rejected. */
    record Rejected(Object event, Throwable cause) {}

    /** Asks an actor to persist each event by itself, without waiting. */
    record Persist(List<?> events) {}

    static Props props(String id, ActorRef listener) {
        return Props.create(Recorder.class, () -> new Recorder(id, listener));
    }

    static final class Recorder extends AbstractPersistentActor {
        private final String id;
        private final ActorRef listener;
        private final List<Object> recovered = new ArrayList<>();

        Recorder(String id, ActorRef listener) {
            this.id = id;
            this.listener = listener;
        }

        @Override
        public String persistenceId() {
            return id;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(RecoveryCompleted.class,
                            done -> listener.tell(new Recovered(List.copyOf(recovered), lastSequenceNr()), getSelf()))
                    .matchAny(recovered::add)
                    .build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(Persist.class, p -> p.events()
                            .forEach(e -> persistAsync(e,
                                    stored -> listener.tell(new Stored(name(stored), lastSequenceNr()),
                                            getSelf()))))
                    .build();
        }

        private static Object name(Object event) {
            return event instanceof RecordBatch batch ? batch.header() : event;
        }

        @Override
        public void onRecoveryFailure(Throwable cause, Option<Object> event) {
            listener.tell(new RecoveryFailed(cause), getSelf());
        }

        @Override
        public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
            listener.tell(new Failed(name(event), cause), getSelf());
        }

        @Override
        public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
            listener.tell(new Rejected(event, cause), getSelf());
        }
    }

    /** A batch of records {@code value-0} and so on, as a partition's actor would persist it. */
    static RecordBatch batch(long baseOffset, int leaderEpoch, int records) {
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            all[i] = new SimpleRecord(1000 + i, ("value-" + i).getBytes(
                    StandardCharsets.UTF_8));
        }
        ByteBuffer bytes = MemoryRecords
                .withRecords(Compression.NONE, all)
                .buffer();
        BatchHeader.patch(bytes, bytes.position(), baseOffset, leaderEpoch);
        return new RecordBatch(bytes, BatchHeader.read(bytes, bytes.position()));
    }
}
