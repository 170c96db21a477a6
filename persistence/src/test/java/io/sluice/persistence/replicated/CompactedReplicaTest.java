package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.compact.CompactionPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Each replica compacts its own copy; one that lacks what another has compacted is brought up from that. */
class CompactedReplicaTest extends OnThreeNodes {
    private static final LogConfig COMPACTED = new LogConfig(400, Long.MAX_VALUE, -1, -1, FlushMode.OS)
            .withCompaction(new CompactionPolicy(0, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE));
    private static final int KEYS = 3;

    @Test
    void anEmptyReplicaIsBroughtUp() {
        nodes.stop(2);
        Log log = lead(0);
        fill(log, 100);
        isCompacted(log);
        nodes.start(2);
        isBroughtUp(log);
    }

    @Test
    void aReplicaThatEndsWithinWhatWasRemovedIsBroughtUp() {
        Log log = lead(0);
        fill(log, 5);
        await().untilAsserted(() -> assertThat(nodes.log(2).view().logEndOffset()).isEqualTo(5));
        nodes.stop(2);
        fill(log, 100);
        isCompacted(log);
        nodes.start(2);
        isBroughtUp(log);
        assertThat(nodes.committed(2)).as("it keeps what it had").startsWith("v0 v1 v2 v3 v4 ");
    }

    @Test
    void aLeaderRecoversFromACompactedCopy() {
        Log log = lead(0);
        fill(log, 5);
        await().untilAsserted(() -> assertThat(nodes.log(2).view().logEndOffset()).isEqualTo(5));
        nodes.stop(2);
        nodes.log(1).configure(COMPACTED);
        fill(log, 100);
        isCompacted(log);
        await().untilAsserted(() -> assertThat(nodes.log(1).view().sizeInBytes()).isLessThan(2000));
        log.resign(log.leaderEpoch());
        nodes.start(2);
        Log next = nodes.log(2);
        // the first claims come too late: the others have heard of higher epochs
        await().until(() -> next.claim().handle((epoch, failure) -> failure == null).toCompletableFuture().join());
        assertThat(next.view().highWatermark()).isEqualTo(105);
        assertThat(next.view().highestSequenceNr()).isEqualTo(105);
        fill(next, 1);
    }

    @Test
    void followersCompactTheirOwn() {
        Log log = lead(0);
        nodes.log(1).configure(COMPACTED);
        fill(log, 100);
        await().untilAsserted(() -> assertThat(nodes.log(1).view().sizeInBytes()).isLessThan(2000));
        isCompacted(log);
        assertThat(nodes.committed(0)).endsWith("v97 v98 v99");
        await().untilAsserted(() -> assertThat(nodes.committed(1)).endsWith("v97 v98 v99"));
        fill(log, 100);
        await().untilAsserted(() -> assertThat(nodes.committed(1)).endsWith("v197 v198 v199"));
    }

    private static void isCompacted(Log log) {
        await().untilAsserted(() -> assertThat(log.view().sizeInBytes()).isLessThan(2000));
    }

    private void isBroughtUp(Log leader) {
        await().untilAsserted(() -> {
            Log copy = nodes.log(2);
            assertThat(copy.view().highWatermark()).isEqualTo(leader.view().highWatermark());
            assertThat(copy.view().highestSequenceNr()).isEqualTo(leader.view().highestSequenceNr());
        });
        String last = nodes.committed(0);
        assertThat(nodes.committed(2)).endsWith(last.substring(last.length() / 2));
        leader.resign(leader.leaderEpoch());
        Log next = lead(2);
        assertThat(next.view().highestSequenceNr()).isEqualTo(next.view().highWatermark());
        fill(next, 20);
        assertThat(nodes.committed(2)).endsWith("v" + (next.view().highWatermark() - 1));
    }

    private static void fill(Log log, int batches) {
        for (int i = 0; i < batches; i++) {
            long offset = log.view().logEndOffset();
            ByteBuffer bytes = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1,
                    ("k" + offset % KEYS).getBytes(StandardCharsets.UTF_8),
                    ("v" + offset).getBytes(StandardCharsets.UTF_8))).buffer();
            BatchHeader.patch(bytes, 0, offset, log.leaderEpoch());
            long nr = log.view().highestSequenceNr() + 1;
            get(log.append(log.leaderEpoch(), List.of(new EntryBatch(bytes, nr, nr, EntryBatch.Kind.RECORDS))));
        }
    }

    private Log lead(int node) {
        Log log = nodes.log(node);
        log.configure(COMPACTED);
        get(log.claim());
        return log;
    }
}
