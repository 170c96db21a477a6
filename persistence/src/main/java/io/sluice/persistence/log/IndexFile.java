package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * An index on disk: a head of 64 bytes (magic, version, interval, entry count, what part of the segment it covers, largest timestamp, checksum of
 * all else), then the entries of {@link SegmentIndex}, four numbers each. Replaced as a whole and not synced: a reader that finds none, or
 * a wrong checksum, builds it again from the segment.
 *
 * @param index the entries
 * @param covered bytes of the segment that the index knows
 * @param endOffset offset after the last batch of that part
 * @param endSequenceNr sequence number of its last event
 */
record IndexFile(SegmentIndex index, long covered, long endOffset, long endSequenceNr) {
    private static final int HEAD = 64;
    private static final int MAGIC = 0x534c4958;
    private static final int VERSION = 1;
    private static final int CRC_POSITION = 60;

    /** The index in the file, or null if it is missing, damaged or not about such a segment. */
    static IndexFile read(Path file, int interval, SegmentName name, long segmentSize) {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            return null;
        }
        if (all.length < HEAD) {
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(all);
        int count = b.getInt(12);
        if (b.getInt(0) != MAGIC || b.getInt(4) != VERSION || count < 0 || (all.length - HEAD) / 32 != count
                || (all.length - HEAD) % 32 != 0 || b.getInt(CRC_POSITION) != crc(all)) {
            return null;
        }
        long covered = b.getLong(16);
        if (covered > segmentSize || (count > 0 && b.getLong(HEAD) != name.baseOffset())) {
            return null;
        }
        long[] entries = new long[Math.max(4, count * 4)];
        b.position(HEAD).slice().asLongBuffer().get(entries, 0, count * 4);
        return new IndexFile(new SegmentIndex(interval, entries, count, b.getLong(40)), covered, b.getLong(24),
                b.getLong(32));
    }

    /** Writes the part of an index that covers the first {@code covered} bytes of its segment. */
    static void write(Path file, SegmentIndex index, long covered, long endOffset, long endSequenceNr,
            long maxTimestamp) throws IOException {
        int count = index.floorByPosition(covered - 1) + 1;
        byte[] all = new byte[HEAD + count * 32];
        ByteBuffer b = ByteBuffer.wrap(all);
        b.putInt(0, MAGIC).putInt(4, VERSION).putInt(12, count).putLong(16, covered).putLong(24, endOffset)
                .putLong(32, endSequenceNr).putLong(40, maxTimestamp);
        b.position(HEAD).slice().asLongBuffer().put(index.copy(count));
        b.putInt(CRC_POSITION, crc(all));
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            b.clear();
            while (b.hasRemaining()) {
                channel.write(b);
            }
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int crc(byte[] all) {
        CRC32C crc = new CRC32C();
        crc.update(all, 0, CRC_POSITION);
        crc.update(all, HEAD, all.length - HEAD);
        return (int) crc.getValue();
    }
}
