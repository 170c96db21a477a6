package io.sluice.persistence.snapshot;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The CRC-32C that ends the bytes of every snapshot, so that who stores one can tell whether it is whole without knowing what is in it. */
public final class SnapshotChecksum {
    private static final int BYTES = 4;

    private SnapshotChecksum() {
    }

    /** The checksum of what was written so far, from 0 to the buffer's position. */
    public static int of(ByteBuffer written) {
        return crc(written.duplicate().flip());
    }

    /** Whether bytes from position to limit end in the checksum of those before. */
    public static boolean isRight(ByteBuffer snapshot) {
        int end = snapshot.limit() - BYTES;
        return end >= snapshot.position() && crc(snapshot.duplicate().limit(end)) == snapshot.getInt(end);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
