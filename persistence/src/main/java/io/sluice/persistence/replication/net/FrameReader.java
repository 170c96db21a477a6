package io.sluice.persistence.replication.net;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the fields of one frame. Nothing is allocated for a length or count that the frame's own bytes do not back. */
final class FrameReader {
    private final ByteBuffer bytes;

    /** @param bytes the frame without its length, between position and limit */
    FrameReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    FrameType type() throws MalformedFrameException {
        byte code = uint8();
        FrameType type = FrameType.of(code);
        if (type == null) {
            throw new MalformedFrameException("unknown frame type " + code);
        }
        return type;
    }

    byte uint8() throws MalformedFrameException {
        need(Byte.BYTES);
        return bytes.get();
    }

    boolean bool() throws MalformedFrameException {
        byte value = uint8();
        if (value != 0 && value != 1) {
            throw new MalformedFrameException(value + " where 0 or 1 must be");
        }
        return value == 1;
    }

    int int32() throws MalformedFrameException {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long int64() throws MalformedFrameException {
        need(Long.BYTES);
        return bytes.getLong();
    }

    UUID uuid() throws MalformedFrameException {
        need(2 * Long.BYTES);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    String string(int charsMax) throws MalformedFrameException {
        need(Short.BYTES);
        int chars = Short.toUnsignedInt(bytes.getShort());
        if (chars > charsMax) {
            throw new MalformedFrameException("text of " + chars + " characters, must be at most " + charsMax);
        }
        need(chars * Character.BYTES);
        char[] text = new char[chars];
        for (int i = 0; i < chars; i++) {
            text[i] = bytes.getChar();
        }
        return new String(text);
    }

    ReplicaId replica() throws MalformedFrameException {
        return new ReplicaId(string(FrameWriter.ID_CHARS_MAX));
    }

    EpochHistory epochs() throws MalformedFrameException {
        int count = count(FrameWriter.EPOCHS_MAX, "epochs", Integer.BYTES + Long.BYTES);
        int[] epochs = new int[count];
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            epochs[i] = bytes.getInt();
            starts[i] = bytes.getLong();
        }
        try {
            return EpochHistory.of(epochs, starts);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("epochs that do not ascend");
        }
    }

    ConfigurationHistory configuration() throws MalformedFrameException {
        int count = count(FrameWriter.CONFIGURATIONS_MAX, "configurations", Long.BYTES + Integer.BYTES);
        List<ConfigurationEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long offset = int64();
            int members = count(FrameWriter.REPLICAS_MAX, "replicas", Short.BYTES);
            List<String> replicas = new ArrayList<>(members);
            for (int k = 0; k < members; k++) {
                replicas.add(string(FrameWriter.ID_CHARS_MAX));
            }
            entries.add(new ConfigurationEntry(offset, replicas));
        }
        try {
            return new ConfigurationHistory(entries);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("configurations that do not ascend");
        }
    }

    /** A count of things that take at least {@code bytesEach}. */
    private int count(int most, String what, int bytesEach) throws MalformedFrameException {
        int count = int32();
        if (count < 0 || count > most) {
            throw new MalformedFrameException(count + " " + what + ", must be from 0 to " + most);
        }
        need(count * bytesEach);
        return count;
    }

    /** What a log holds; null if that is not said. */
    EntryBatch.Kind kind() throws MalformedFrameException {
        byte code = uint8();
        return switch (code) {
            case -1 -> null;
            case 0 -> EntryBatch.Kind.RECORDS;
            case 1 -> EntryBatch.Kind.EVENTS;
            default -> throw new MalformedFrameException("unknown kind of log " + code);
        };
    }

    SnapshotName snapshotName() throws MalformedFrameException {
        long sequenceNr = int64();
        long timestamp = int64();
        if (sequenceNr < 0 || timestamp < 0) {
            throw new MalformedFrameException("snapshot of sequence number " + sequenceNr + ", time " + timestamp);
        }
        return new SnapshotName(sequenceNr, timestamp);
    }

    SnapshotRange snapshotRange() throws MalformedFrameException {
        return new SnapshotRange(int64(), int64(), int64(), int64());
    }

    /** All that is left, without a copy. */
    ByteBuffer rest() {
        ByteBuffer rest = bytes.slice();
        bytes.position(bytes.limit());
        return rest;
    }

    /** @throws MalformedFrameException if something is left */
    void end() throws MalformedFrameException {
        if (bytes.hasRemaining()) {
            throw new MalformedFrameException(bytes.remaining() + " bytes too many");
        }
    }

    private void need(int count) throws MalformedFrameException {
        if (bytes.remaining() < count) {
            throw new MalformedFrameException("the frame ends within a field");
        }
    }
}
