package io.sluice.persistence.journal;

import io.sluice.persistence.journal.PayloadCodec.Payload;
import io.sluice.persistence.snapshot.SnapshotChecksum;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a snapshot file: magic, version, persistence id, snapshot, metadata if there is any, and a CRC-32C of everything before
 * it. Texts and byte strings have a length of 4 bytes in front; everything is big-endian.
 */
final class SnapshotFormat {
    private static final int MAGIC = 0x534c534e; // "SLSN"
    private static final byte VERSION = 1;

    private SnapshotFormat() {
    }

    /**
     * What a file holds.
     *
     * @param persistenceId whose snapshot it is
     * @param snapshot the state
     * @param metadata what the actor added, or null
     */
    record Content(String persistenceId, Payload snapshot, Payload metadata) {}

    static ByteBuffer encode(Content content) {
        byte[] id = utf8(content.persistenceId());
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(
                4L + 1 + 4 + id.length + size(content.snapshot()) + 1 + size(content.metadata()) + 4));
        out.putInt(MAGIC).put(VERSION);
        put(out, id);
        put(out, content.snapshot());
        out.put((byte) (content.metadata() == null ? 0 : 1));
        if (content.metadata() != null) {
            put(out, content.metadata());
        }
        return out.putInt(SnapshotChecksum.of(out)).flip();
    }

    /** Fails with a reason if the bytes are not a whole snapshot of the id. */
    static Content decode(String persistenceId, ByteBuffer in) throws IOException {
        if (!SnapshotChecksum.isRight(in)) {
            throw new IOException("its checksum is wrong");
        }
        try {
            if (in.getInt() != MAGIC || in.get() != VERSION) {
                throw new IOException("its format is unknown to this version");
            }
            String id = new String(bytes(in), StandardCharsets.UTF_8);
            if (!id.equals(persistenceId)) {
                throw new IOException("it belongs to \"" + id + "\"");
            }
            Payload snapshot = payload(in);
            return new Content(id, snapshot, in.get() == 0 ? null : payload(in));
        } catch (BufferUnderflowException e) {
            throw new IOException("it is too short", e);
        }
    }

    private static long size(Payload payload) {
        return payload == null ? 0 : 4L + 4 + utf8(payload.manifest()).length + 4 + payload.bytes().length;
    }

    private static void put(ByteBuffer out, Payload payload) {
        out.putInt(payload.serializerId());
        put(out, utf8(payload.manifest()));
        put(out, payload.bytes());
    }

    private static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }

    private static Payload payload(ByteBuffer in) {
        return new Payload(in.getInt(), new String(bytes(in), StandardCharsets.UTF_8), bytes(in));
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
