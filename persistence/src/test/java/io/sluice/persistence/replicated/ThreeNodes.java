package io.sluice.persistence.replicated;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import io.sluice.persistence.log.LogView;
import io.sluice.persistence.log.compact.CompactionSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import io.sluice.persistence.replication.net.NetSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Three nodes with real disks and sockets that replicate every log among them. */
final class ThreeNodes implements AutoCloseable {
    static final String LOG = "orders-0";
    static final ReplicaSet ALL = new ReplicaSet(0,
            IntStream.range(0, 3).mapToObj(i -> new ReplicaId("disk-" + i)).toList());

    private final Path directory;
    private final Map<ReplicaId, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    private final Replication[] nodes = new Replication[3];
    private final IntFunction<ReplicaSets> sets;
    /** Of nodes that are started from now on. */
    String settings = "";

    ThreeNodes(Path directory) {
        this(directory, i -> new Replicas.Versioned(ALL));
    }

    /** @param replicas how a node knows which replicas the log has */
    ThreeNodes(Path directory, IntFunction<Replicas> replicas) {
        this((IntFunction<ReplicaSets>) i -> new Fixed(replicas.apply(i)), directory);
    }

    private ThreeNodes(IntFunction<ReplicaSets> sets, Path directory) {
        this.directory = directory;
        this.sets = sets;
        IntStream.range(0, 3).forEach(this::start);
    }

    /** Nodes that know by somebody else which replicas the log has. */
    static ThreeNodes that(Path directory, IntFunction<ReplicaSets> sets) {
        return new ThreeNodes(sets, directory);
    }

    void start(int i) {
        ReplicaId self = ALL.members().get(i);
        Config section = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.load().getConfig("sluice.replication"));
        nodes[i] = Replication.start(
                new Replication.Node(FileLogStore.open(LogStoreSettings.of(directory.resolve("node-" + i))
                        .withCompaction(new CompactionSettings(1 << 20, 10, Long.MAX_VALUE, Duration.ofMillis(20)))),
                        self,
                        sets.apply(i), id -> Optional.ofNullable(addresses.get(id)), () -> "a-cluster", lost -> {
                        }),
                NetSettings.read(section),
                ReplicationSettings.leading(ConfigFactory.parseString("request-timeout = 100ms, claim-timeout = 3s,"
                        + " leader-heartbeat = 50ms").withFallback(section)),
                ReplicationSettings.catchUpBytesPerSecond(section));
        addresses.put(self, nodes[i].address());
    }

    void stop(int i) {
        nodes[i].store().close();
        nodes[i] = null;
    }

    LogStore store(int i) {
        return nodes[i].store();
    }

    ReplicaId id(int i) {
        return ALL.members().get(i);
    }

    Replication replication(int i) {
        return nodes[i];
    }

    Log log(int i) {
        return get(nodes[i].store().open(LOG));
    }

    /** The copy on a node, as far as it is committed there, as text. */
    String committed(int i) {
        LogView view = log(i).view();
        StringBuilder text = new StringBuilder();
        long at = view.logStartOffset();
        while (at < view.highWatermark()) {
            try (LogSlice slice = get(view.read(at, 1 << 20, true))) {
                records(slice).forEach(
                        r -> text.append(StandardCharsets.UTF_8.decode(r.value())).append(' '));
                at = slice.nextOffset();
            }
        }
        return text.toString().trim();
    }

    private static Iterable<Record> records(LogSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.length());
        try {
            slice.channel().read(bytes, slice.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MemoryRecords.readableRecords(bytes.flip()).records();
    }

    static CompletionStage<Void> append(Log log, String value) {
        return append(log, log.leaderEpoch(), value);
    }

    static CompletionStage<Void> append(Log log, int epoch, String value) {
        return appendBatch(log, epoch, List.of(value));
    }

    /** Appends values as one batch. */
    static CompletionStage<Void> appendBatch(Log log, int epoch, List<String> values) {
        ByteBuffer bytes = MemoryRecords.withRecords(Compression.NONE, values.stream()
                .map(value -> new SimpleRecord(1, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new)).buffer();
        BatchHeader.patch(bytes, 0, log.view().logEndOffset(), epoch);
        long sequenceNr = log.view().highestSequenceNr() + 1;
        return log.append(epoch, List.of(new EntryBatch(bytes, sequenceNr, sequenceNr, EntryBatch.Kind.RECORDS)));
    }

    /** Appends an event; if replicas are given, it says that the log has these from there on. */
    static CompletionStage<Void> event(Log log, String value, int... replicas) {
        long offset = log.view().logEndOffset();
        List<String> disks = Arrays.stream(replicas).mapToObj(i -> ALL.members().get(i).diskId()).toList();
        SimpleRecord record = new SimpleRecord(1, null, value.getBytes(StandardCharsets.UTF_8),
                disks.isEmpty() ? new Header[0] : new Header[]{ConfigurationEntry.header(disks)});
        ByteBuffer bytes = MemoryRecords.withRecords(offset, Compression.NONE, record).buffer();
        BatchHeader.patch(bytes, 0, offset, log.leaderEpoch());
        if (!disks.isEmpty()) {
            ConfigurationEntry.mark(bytes);
        }
        return log.append(log.leaderEpoch(),
                List.of(new EntryBatch(bytes, offset + 1, offset + 1, EntryBatch.Kind.EVENTS)));
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        for (int i = 0; i < 3; i++) {
            if (nodes[i] != null) {
                stop(i);
            }
        }
    }

    private record Fixed(Replicas replicas) implements ReplicaSets {
        @Override
        public Optional<Replicas> of(String log) {
            return Optional.of(replicas);
        }

        @Override
        public boolean isKnown(String log) {
            return true;
        }

        @Override
        public CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }
    }
}
