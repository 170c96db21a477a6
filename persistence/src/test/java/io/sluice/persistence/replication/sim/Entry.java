package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One batch, nothing but its head; the value identifies who wrote it and when. */
record Entry(long base, int count, int epoch, long value) {

    long end() {
        return base + count;
    }

    static ByteBuffer encode(List<Entry> entries) {
        ByteBuffer bytes = ByteBuffer.allocate(entries.size() * BatchHeader.BYTES);
        for (Entry e : entries) {
            bytes.putLong(e.base).putInt(BatchHeader.BYTES - BatchHeader.LOG_OVERHEAD).putInt(e.epoch)
                    .put(BatchHeader.MAGIC).putInt(0).putShort((short) 0).putInt(e.count - 1).putLong(0).putLong(0)
                    .putLong(e.value).putShort((short) 0).putInt(0).putInt(e.count);
        }
        return bytes.flip();
    }

    static List<Entry> decode(ByteBuffer bytes) {
        List<Entry> entries = new ArrayList<>();
        for (int at = bytes.position(); at < bytes.limit(); at += BatchHeader.sizeInBytes(bytes, at)) {
            BatchHeader h = BatchHeader.read(bytes, at);
            entries.add(new Entry(h.baseOffset(), h.lastOffsetDelta() + 1, h.leaderEpoch(), h.producerId()));
        }
        return entries;
    }
}
