package io.sluice.streams.javadsl;

import io.sluice.persistence.log.Log;
import io.sluice.streams.LocalLogs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions that this node leads straight from their logs: below the high watermark, whole batches, without connection, protocol or checksum. What
 * is not as it should be, an offset the log does not have any more, a damaged batch, a partition that is not open, it leaves to the client.
 */
final class LocalFeed<K, V> implements RecordFeed<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(LocalFeed.class);

    private final LocalLogs logs;
    private final Positions positions;
    private final RecordDeserializer<K, V> deserializer;
    private final int readAhead;
    private final ChunkBuffers buffers;
    private final Runnable signal;
    private final LongSupplier clock;
    private final Map<OwnedPartition, LocalReader> readers = new LinkedHashMap<>(); // who was read from goes to the end
    private final Map<OwnedPartition, Log> wanted = new HashMap<>();
    private boolean unsettled;
    private boolean full;

    /**
     * @param readAhead most bytes of one poll, but for a first batch that is larger
     * @param signal run when a partition that had nothing may have something now, on any thread; must not block
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    LocalFeed(LocalLogs logs, Positions positions, RecordDeserializer<K, V> deserializer, int readAhead,
            Runnable signal, LongSupplier clock) {
        this.logs = logs;
        this.positions = positions;
        this.deserializer = deserializer;
        this.readAhead = readAhead;
        this.buffers = new ChunkBuffers(2 * readAhead);
        this.signal = signal;
        this.clock = clock;
    }

    @Override
    public List<OwnedPartition> want(Collection<OwnedPartition> partitions) {
        wanted.keySet().retainAll(new HashSet<>(partitions));
        List<OwnedPartition> elsewhere = new ArrayList<>();
        for (OwnedPartition partition : partitions) {
            Log log = logs.led(partition.partition());
            if (log == null || isLeftToClient(partition)) {
                wanted.remove(partition);
                rest(partition);
                elsewhere.add(partition);
            } else {
                wanted.put(partition, log);
                readers.computeIfAbsent(partition, added -> new LocalReader(buffers, signal));
            }
        }
        return elsewhere;
    }

    private boolean isLeftToClient(OwnedPartition partition) {
        LocalReader reader = readers.get(partition);
        if (reader == null || !reader.detour().isBegun()) {
            return false;
        }
        OptionalLong next = positions.next(partition.partition());
        return next.isEmpty() || reader.detour().isTaken(next.getAsLong(), clock.getAsLong());
    }

    /** Never waits: it signals. */
    @Override
    public Map<OwnedPartition, FedRecords<K, V>> poll(Duration wait) {
        unsettled = false;
        full = false;
        Map<OwnedPartition, FedRecords<K, V>> records = new HashMap<>();
        int room = readAhead;
        for (OwnedPartition partition : turns()) {
            LocalReader reader = readers.get(partition);
            LocalReader.Chunk chunk = read(partition, reader, room, records.isEmpty());
            if (chunk != null) {
                positions.move(partition.partition(), chunk.next());
                records.put(partition, new LogRecords<>(partition.partition(), chunk.bytes(), chunk.from(),
                        deserializer, reader.decompression(), buffers::giveBack));
                wanted.remove(partition);
                readers.remove(partition);
                readers.put(partition, reader);
                room -= chunk.bytes().remaining();
                full = room <= 0;
                if (full) {
                    break;
                }
            }
        }
        return records;
    }

    private List<OwnedPartition> turns() {
        return readers.keySet().stream().filter(wanted::containsKey).toList();
    }

    private LocalReader.Chunk read(OwnedPartition partition, LocalReader reader, int bytesMax,
            boolean wholeFirstBatch) {
        OptionalLong next = positions.next(partition.partition());
        if (next.isEmpty()) {
            unsettled = true;
            return null;
        }
        try {
            return reader.read(wanted.get(partition), next.getAsLong(), bytesMax, wholeFirstBatch);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is left to the client at offset {}", partition, next.getAsLong(), e);
            reader.rest();
            reader.detour().begin(next.getAsLong(), clock.getAsLong());
            unsettled = true;
            return null;
        }
    }

    /** Whether the last poll found a partition that it will know more about soon, without being told. */
    boolean isUnsettled() {
        return unsettled;
    }

    /** Whether the last poll left partitions out for want of room. */
    boolean isFull() {
        return full && !wanted.isEmpty();
    }

    @Override
    public void forget(OwnedPartition partition) {
        wanted.remove(partition);
        rest(partition);
        readers.remove(partition);
    }

    private void rest(OwnedPartition partition) {
        LocalReader reader = readers.get(partition);
        if (reader != null) {
            reader.rest();
        }
    }
}
