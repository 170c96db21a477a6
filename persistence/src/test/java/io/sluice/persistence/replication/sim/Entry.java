package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One batch, nothing but its head, and which replicas the log has from there on if it says so; the value identifies who wrote it and when. */
record Entry(long base, int count, int epoch, long value, List<String> replicas) {

    Entry(long base, int count, int epoch, long value) {
        this(base, count, epoch, value, List.of());
    }

    private byte[] names() {
        return String.join(",", replicas).getBytes(StandardCharsets.US_ASCII);
    }

    long end() {
        return base + count;
    }

    static ByteBuffer encode(List<Entry> entries) {
        ByteBuffer bytes = ByteBuffer
                .allocate(entries.stream().mapToInt(e -> BatchHeader.BYTES + e.names().length).sum());
        for (Entry e : entries) {
            bytes.putLong(e.base).putInt(BatchHeader.BYTES - BatchHeader.LOG_OVERHEAD + e.names().length)
                    .putInt(e.epoch)
                    .put(BatchHeader.MAGIC).putInt(0).putShort((short) 0).putInt(e.count - 1).putLong(0).putLong(0)
                    .putLong(e.value).putShort((short) 0).putInt(0).putInt(e.count)
                    .put(e.names());
        }
        return bytes.flip();
    }

    static List<Entry> decode(ByteBuffer bytes) {
        List<Entry> entries = new ArrayList<>();
        for (int at = bytes.position(); at < bytes.limit(); at += BatchHeader.sizeInBytes(bytes, at)) {
            BatchHeader h = BatchHeader.read(bytes, at);
            byte[] names = new byte[h.sizeInBytes() - BatchHeader.BYTES];
            bytes.get(at + BatchHeader.BYTES, names);
            entries.add(new Entry(h.baseOffset(), h.lastOffsetDelta() + 1, h.leaderEpoch(), h.producerId(),
                    names.length == 0
                            ? List.of()
                            : List.of(new String(names, StandardCharsets.US_ASCII).split(","))));
        }
        return entries;
    }
}
