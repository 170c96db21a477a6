package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What one replica of a log should hold: the simplest thing that could be right. */
final class ReplicaModel {
    /** One batch: the offset that follows it, its bytes and the timestamp of its only dated record. */
    record Batch(long base, long next, long sequenceNr, int epoch, long timestamp, ByteBuffer bytes) {}

    final EntryBatch.Kind kind;
    List<Batch> batches = new ArrayList<>();
    int promised = -1;
    UUID claimant;
    int synced = -1;
    int minConfig;
    long start;
    long startSequenceNr;
    long highWatermark;

    ReplicaModel(EntryBatch.Kind kind) {
        this.kind = kind;
    }

    long end() {
        return batches.isEmpty() ? start : Math.max(start, batches.getLast().next);
    }

    long highestSequenceNr() {
        return batches.isEmpty() ? startSequenceNr : batches.getLast().sequenceNr;
    }

    int latestEpoch() {
        return batches.isEmpty() ? -1 : batches.getLast().epoch;
    }

    /** Of what is not deleted. */
    int latestEpochFromStart() {
        return batches.isEmpty() || batches.getLast().next <= start ? -1 : batches.getLast().epoch;
    }

    EpochHistory epochs() {
        EpochHistory history = EpochHistory.EMPTY;
        for (Batch b : batches) {
            if (b.epoch > history.latest()) {
                history = history.with(b.epoch, b.base);
            }
        }
        return history;
    }

    void append(EntryBatch b) {
        ByteBuffer bytes = ByteBuffer.allocate(b.bytes().remaining()).put(b.bytes().duplicate()).flip();
        BatchHeader head = BatchHeader.read(b.bytes(), b.bytes().position());
        batches.add(new Batch(head.baseOffset(), head.nextOffset(), b.lastSequenceNr(), head.leaderEpoch(),
                head.maxTimestamp(), bytes));
    }

    void truncate(long end) {
        batches.removeIf(b -> b.base >= end);
    }

    void restartAt(long offset, long sequenceNr) {
        batches.clear();
        start = offset;
        startSequenceNr = sequenceNr;
        highWatermark = offset;
    }

    void retire(int version) {
        restartAt(0, 0);
        synced = -1;
        minConfig = Math.max(minConfig, version);
    }

    void raiseHighWatermark(long offset) {
        for (Batch b : batches) {
            if (b.next <= offset && b.next > highWatermark) {
                highWatermark = b.next;
            }
        }
    }

    /** A restart: nobody knows what is committed. */
    void restarted() {
        highWatermark = start;
    }

    /** The bytes from an offset up to another. */
    byte[] bytes(long from, long to) {
        List<Batch> wanted = batches.stream().filter(b -> b.next > from && b.next <= to).toList();
        ByteBuffer all = ByteBuffer.allocate(wanted.stream().mapToInt(b -> b.bytes.remaining()).sum());
        wanted.forEach(b -> all.put(b.bytes.duplicate()));
        return all.array();
    }

    /** Boundaries from the high watermark on. */
    List<Long> boundaries() {
        List<Long> found = new ArrayList<>(List.of(highWatermark));
        batches.forEach(b -> {
            if (b.next > highWatermark) {
                found.add(b.next);
            }
        });
        return found;
    }
}
