package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy knows of the replicas that its log names. */
class ConfigurationLogTest {
    private static final UUID CLAIMANT = new UUID(1, 2);

    @TempDir
    Path dir;
    private FileLogStore store;
    private ReplicaLog log;

    @BeforeEach
    void open() {
        store = FileLogStore.open(TestLog.settings(dir));
        log = TestLog.get(store.openReplica(TestLog.ID));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void followsWhatALeaderSendsAndIsCutWithIt() {
        step(s -> {
            s.promise(1, CLAIMANT, 0);
            s.append(event(0, "a"), EntryBatch.Kind.EVENTS);
            s.append(event(1), EntryBatch.Kind.EVENTS);
            s.append(event(2, "a", "b"), EntryBatch.Kind.EVENTS);
        });
        assertThat(configuration().entries()).containsExactly(new ConfigurationEntry(0, List.of("a")),
                new ConfigurationEntry(2, List.of("a", "b")));
        reopen();
        assertThat(configuration().replicas()).containsExactly("a", "b");
        step(s -> s.truncate(2));
        assertThat(configuration().replicas()).containsExactly("a");
        reopen();
        assertThat(configuration().replicas()).containsExactly("a");
    }

    @Test
    void followsTheOwnLeader() {
        step(s -> {
            s.promise(1, CLAIMANT, 0);
            s.synced(1);
        });
        TestLog.get(log.append(1, List.of(new EntryBatch(event(0, "a"), 1, 1, EntryBatch.Kind.EVENTS))));
        assertThat(configuration().replicas()).containsExactly("a");
        reopen();
        assertThat(configuration().replicas()).containsExactly("a");
    }

    @Test
    void whoBeginsAnewIsToldWhatIsInForce() {
        ConfigurationHistory before = ConfigurationHistory.EMPTY.with(new ConfigurationEntry(7, List.of("a", "b")));
        step(s -> s.restartAt(new LogBegin(100, 100), before));
        assertThat(configuration()).isEqualTo(before);
        reopen();
        assertThat(configuration()).isEqualTo(before);
    }

    @Test
    void controlBatchesThatNameNobodyAreRefused() {
        ByteBuffer bytes = event(0);
        ConfigurationEntry.mark(bytes);
        assertThatThrownBy(() -> step(s -> {
            s.promise(1, CLAIMANT, 0);
            s.append(bytes, EntryBatch.Kind.EVENTS);
        })).hasCauseInstanceOf(CorruptLogException.class);
    }

    @Test
    void theEntryInForceBeforeTheLogStartStays() {
        ConfigurationHistory history = ConfigurationHistory.EMPTY.with(new ConfigurationEntry(1, List.of("a")))
                .with(new ConfigurationEntry(5, List.of("b"))).with(new ConfigurationEntry(9, List.of("c")));
        assertThat(history.from(9).entries()).extracting(ConfigurationEntry::offset).containsExactly(5L, 9L);
        assertThat(history.from(10).entries()).extracting(ConfigurationEntry::offset).containsExactly(9L);
        assertThat(history.before(9).replicas()).containsExactly("b");
        assertThat(history.before(1).entries()).isEmpty();
    }

    private interface Change {
        void to(ReplicaStore store) throws java.io.IOException;
    }

    private void step(Change change) {
        TestLog.get(log.atomically(s -> {
            change.to(s);
            return null;
        }));
    }

    private ConfigurationHistory configuration() {
        return TestLog.get(log.atomically(ReplicaStore::configuration));
    }

    private void reopen() {
        close();
        open();
    }

    private static ByteBuffer event(long offset, String... replicas) {
        SimpleRecord record = new SimpleRecord(1, null, new byte[10],
                replicas.length == 0 ? new Header[0] : new Header[]{ConfigurationEntry.header(List.of(replicas))});
        ByteBuffer bytes = MemoryRecords.withRecords(offset, Compression.NONE, record).buffer();
        BatchHeader.patch(bytes, 0, offset, 1);
        if (replicas.length > 0) {
            ConfigurationEntry.mark(bytes);
        }
        return bytes;
    }
}
