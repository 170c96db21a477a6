package io.sluice.persistence.log;

import io.sluice.persistence.log.compact.CompactionPolicy;
import io.sluice.persistence.log.compact.CompactionSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A log of records with keys that is compacted when a test says so. */
final class KeyedLog implements AutoCloseable {
    static final long TIME = 1_000_000;
    static final CompactionPolicy ALWAYS = new CompactionPolicy(0, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE);

    private final LogStoreSettings settings;
    private final LogConfig config;
    FileLogStore store;
    FileLog log;

    KeyedLog(Path dir, long segmentBytes, long mapBytes, CompactionPolicy policy) {
        settings = TestLog.settings(dir).withThreads(1, 1).withClock(Clock.systemUTC()).withIndexInterval(100)
                .withCompaction(new CompactionSettings(mapBytes, 1000, Long.MAX_VALUE, Duration.ofDays(1)));
        config = TestLog.config(segmentBytes, FlushMode.OS).withCompaction(policy);
        open();
    }

    void open() {
        store = FileLogStore.open(settings);
        log = (FileLog) TestLog.get(store.open(TestLog.ID));
        log.configure(config);
        TestLog.get(log.claim());
    }

    void reopen() {
        store.close();
        open();
    }

    /** Appends a batch; each pair is key and value, "-" for none. */
    void append(long producerId, int sequence, String... pairs) {
        SimpleRecord[] records = new SimpleRecord[pairs.length / 2];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(TIME + log.view().logEndOffset() + i, bytes(pairs[2 * i]),
                    bytes(pairs[2 * i + 1]));
        }
        ByteBuffer batch = MemoryRecords.withRecords((byte) 2, log.view().logEndOffset(), Compression.NONE,
                TimestampType.CREATE_TIME, producerId, (short) (producerId < 0 ? -1 : 0), sequence, log.leaderEpoch(),
                false, records).buffer();
        long nr = log.view().highestSequenceNr() + 1;
        TestLog.get(log.append(log.leaderEpoch(), List.of(new EntryBatch(batch, nr, nr, EntryBatch.Kind.RECORDS))));
    }

    void append(String... pairs) {
        append(-1, -1, pairs);
    }

    private static byte[] bytes(String text) {
        return "-".equals(text) ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Passes until none is due; how many there were. */
    int compact() throws IOException, InterruptedException {
        int passes = 0;
        while (pass()) {
            passes++;
        }
        return passes;
    }

    boolean pass() throws IOException, InterruptedException {
        return new LogCleaning(log, log.config().compaction(), new Throttle(Long.MAX_VALUE, new CountDownLatch(1)))
                .run();
    }

    /** All batches, read as other replicas do; fails unless their offsets follow one another. */
    List<MutableRecordBatch> batches() {
        List<MutableRecordBatch> all = new ArrayList<>();
        LogView view = log.view();
        long offset = log.begin().offset();
        while (offset < view.highWatermark()) {
            try (LogSlice slice = TestLog.get(log.readToEnd(offset, 300))) {
                for (MutableRecordBatch batch : MemoryRecords.readableRecords(TestLog.bytes(slice)).batches()) {
                    batch.ensureValid();
                    if (batch.lastOffset() < offset) {
                        continue;
                    }
                    all.add(batch);
                    offset = batch.nextOffset();
                }
            }
        }
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).baseOffset() != all.get(i - 1).nextOffset()) {
                throw new AssertionError("a gap before " + all.get(i));
            }
        }
        return all;
    }

    /** All records: offset to "key=value". */
    Map<Long, String> records() {
        Map<Long, String> all = new LinkedHashMap<>();
        for (MutableRecordBatch batch : batches()) {
            for (Record r : batch) {
                all.put(r.offset(), text(r.key()) + "=" + text(r.value()));
            }
        }
        return all;
    }

    /** The last value of each key, without deleted ones. */
    Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        records().values().forEach(r -> {
            String key = r.substring(0, r.indexOf('='));
            String value = r.substring(r.indexOf('=') + 1);
            if ("-".equals(value)) {
                table.remove(key);
            } else {
                table.put(key, value);
            }
        });
        return table;
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? "-" : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** Sequence number and base offset of every batch, as replay sees them. */
    Map<Long, Long> replayed(long from) {
        Map<Long, Long> all = new LinkedHashMap<>();
        TestLog.get(log.view().scan(from, Long.MAX_VALUE, (nr, head, bytes) -> {
            all.put(nr, head.baseOffset());
            return true;
        }));
        return all;
    }

    Path directory() {
        return log.directory().path();
    }

    /** Names of the segment files. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(directory())) {
            return all.map(p -> p.getFileName().toString()).filter(n -> n.contains(".log") && !n.equals("log.meta"))
                    .sorted().toList();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
