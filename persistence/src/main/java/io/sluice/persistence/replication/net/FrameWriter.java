package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import java.util.UUID;

/** Writes the fields of one frame, and knows the limits that {@link FrameReader} holds others to. */
final class FrameWriter {
    /** Longest persistence id, in characters. */
    static final int LOG_CHARS_MAX = 16_384;
    /** Longest disk id or cluster id, in characters. */
    static final int ID_CHARS_MAX = 255;
    /** Most epochs of one history. */
    static final int EPOCHS_MAX = 80_000;
    /** Most configuration entries of one history, and most replicas of one entry. */
    static final int CONFIGURATIONS_MAX = 10_000;
    static final int REPLICAS_MAX = 100;

    private static final int LENGTH_BYTES = 4;

    private final ByteBuf bytes;
    private final int begin;

    /** Begins a frame at the end of a buffer. */
    FrameWriter(ByteBuf bytes, FrameType type) {
        this.bytes = bytes;
        this.begin = bytes.writerIndex();
        bytes.writeInt(0).writeByte(type.code());
    }

    /** Ends the frame. {@code batchesLength} bytes of batches still follow it. */
    void end(int batchesLength) {
        bytes.setInt(begin, Math.addExact(bytes.writerIndex() - begin - LENGTH_BYTES, batchesLength));
    }

    FrameWriter uint8(int value) {
        bytes.writeByte(value);
        return this;
    }

    FrameWriter bool(boolean value) {
        return uint8(value ? 1 : 0);
    }

    FrameWriter int32(int value) {
        bytes.writeInt(value);
        return this;
    }

    FrameWriter int64(long value) {
        bytes.writeLong(value);
        return this;
    }

    FrameWriter uuid(UUID value) {
        bytes.writeLong(value.getMostSignificantBits()).writeLong(value.getLeastSignificantBits());
        return this;
    }

    /** UTF-16 code units, because a persistence id may be any string, half a surrogate pair included. */
    FrameWriter string(String value, int charsMax) {
        int chars = value.length();
        if (chars > charsMax) {
            throw new IllegalArgumentException("text of " + chars + " characters, must be at most " + charsMax);
        }
        bytes.ensureWritable(Short.BYTES + chars * Character.BYTES);
        bytes.writeShort(chars);
        for (int i = 0; i < chars; i++) {
            bytes.writeChar(value.charAt(i));
        }
        return this;
    }

    FrameWriter replica(ReplicaId value) {
        return string(value.diskId(), ID_CHARS_MAX);
    }

    FrameWriter epochs(EpochHistory value) {
        int count = value.count();
        count(count, EPOCHS_MAX, "epochs");
        for (int i = 0; i < count; i++) {
            int32(value.epoch(i)).int64(value.start(i));
        }
        return this;
    }

    FrameWriter configuration(ConfigurationHistory value) {
        count(value.entries().size(), CONFIGURATIONS_MAX, "configurations");
        for (ConfigurationEntry entry : value.entries()) {
            int64(entry.offset());
            count(entry.replicas().size(), REPLICAS_MAX, "replicas");
            entry.replicas().forEach(replica -> string(replica, ID_CHARS_MAX));
        }
        return this;
    }

    private void count(int count, int most, String what) {
        if (count > most) {
            throw new IllegalArgumentException(count + " " + what + ", must be at most " + most);
        }
        int32(count);
    }

    FrameWriter snapshotName(SnapshotName value) {
        return int64(value.sequenceNr()).int64(value.timestamp());
    }

    FrameWriter snapshotRange(SnapshotRange value) {
        return int64(value.minSequenceNr()).int64(value.maxSequenceNr()).int64(value.minTimestamp())
                .int64(value.maxTimestamp());
    }

    FrameWriter kind(EntryBatch.Kind value) {
        return uint8(switch (value) {
            case null -> -1;
            case RECORDS -> 0;
            case EVENTS -> 1;
        });
    }
}
