package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.append;
import static io.sluice.persistence.replicated.ThreeNodes.appendBatch;
import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.FlushMode;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogConfig;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A replica that was away lacks what the leader has deleted meanwhile: it goes on where the leader's log begins. */
class LaggingReplicaTest extends OnThreeNodes {
    private static final int BATCH = 10;

    @Test
    void anEmptyOneBeginsInTheMiddleOfABatch() {
        nodes.stop(2);
        Log log = lead(0);
        fill(log, 4);
        assertThat(get(log.deleteRecordsBefore(15))).isEqualTo(15);
        nodes.start(2);

        isAsTheLeaderIs(log);
        fill(log, 1);
        isAsTheLeaderIs(log);
        log.resign(log.leaderEpoch());
        Log next = lead(2);
        assertThat(next.view().highestSequenceNr()).isEqualTo(5);
        fill(next, 1);
    }

    @Test
    void recordsAreDeletedOnceAllReplicasInSyncHaveDoneSo() {
        Log log = lead(0);
        fill(log, 4);
        await().untilAsserted(() -> assertThat(nodes.replication(0).inSync(ThreeNodes.LOG)).hasSize(3));

        assertThat(get(log.deleteRecordsBefore(15))).isEqualTo(15);

        assertThat(nodes.log(1).view().logStartOffset()).isEqualTo(15);
        assertThat(nodes.log(2).view().logStartOffset()).isEqualTo(15);
        assertThat(get(log.deleteRecordsBefore(10))).as("deleted already").isEqualTo(15);
    }

    @Test
    void whoDoesNotLeadDeletesNothing() {
        Log log = lead(0);
        fill(log, 1);

        assertThat(nodes.log(1).deleteRecordsBefore(5)).failsWithin(Duration.ofSeconds(5))
                .withThrowableThat().withCauseInstanceOf(FencedException.class);
        assertThat(nodes.log(1).view().logStartOffset()).isZero();
    }

    @Test
    void oneThatEndsWhereThatBatchBeginsGoesOnThere() {
        Log log = lead(0);
        fill(log, 1);
        await().untilAsserted(() -> assertThat(nodes.log(2).view().logEndOffset()).isEqualTo(10));
        nodes.stop(2);
        fill(log, 3);
        CompletionStage<Long> deleted = log.deleteRecordsBefore(15);
        await().until(() -> log.view().logStartOffset() == 15);
        nodes.start(2);

        isAsTheLeaderIs(log);
        assertThat(get(deleted)).isEqualTo(15);
    }

    @Test
    void aLeaderRecoversFromALogThatBeginsInTheMiddleOfABatch() {
        nodes.stop(2);
        Log log = lead(0);
        fill(log, 4);
        get(log.deleteRecordsBefore(15));
        await().untilAsserted(() -> assertThat(nodes.log(1).view().logStartOffset()).isEqualTo(15));
        log.resign(log.leaderEpoch());
        nodes.start(2);

        Log next = nodes.log(2);
        // the first claims come too late: the others have heard of higher epochs
        await().until(() -> next.claim().handle((epoch, failure) -> failure == null).toCompletableFuture().join());

        assertThat(next.view().logStartOffset()).as("what was deleted does not come back").isEqualTo(15);
        assertThat(next.view().highWatermark()).isEqualTo(40);
        assertThat(next.view().highestSequenceNr()).isEqualTo(4);
        fill(next, 1);
        isAsTheLeaderIs(next);
    }

    @Test
    void retentionGoesPastIt() {
        Log log = lead(0);
        log.configure(new LogConfig(500, Long.MAX_VALUE, -1, 1000, FlushMode.COMMIT));
        fill(log, 1);
        await().untilAsserted(() -> assertThat(nodes.log(2).view().logEndOffset()).isEqualTo(10));
        nodes.stop(2);
        fill(log, 20);
        assertThat(get(log.applyRetention())).isPositive();
        nodes.start(2);

        isAsTheLeaderIs(log);
        get(append(log, "more"));
        isAsTheLeaderIs(log);
    }

    @Test
    void whoHasToBeBroughtUpDoesNotKeepTheOthersWaiting() {
        nodes.stop(0);
        nodes.settings = "catch-up-bytes-per-second = 1, request-bytes-max = 500";
        nodes.start(0);
        nodes.stop(2);
        Log log = lead(0);
        fill(log, 20);
        nodes.start(2);
        await().until(() -> nodes.log(2).view().logEndOffset() > 0);
        long brought = nodes.log(2).view().logEndOffset();

        fill(log, 20);

        assertThat(log.view().highWatermark()).isEqualTo(400);
        assertThat(nodes.log(2).view().logEndOffset()).as("it waits for its share").isEqualTo(brought).isLessThan(100);
        assertThat(nodes.replication(0).remaining(ThreeNodes.LOG, nodes.id(2))).hasValue(400 - brought);
    }

    @Test
    void whatWasDelayedIsSentLater() {
        nodes.stop(0);
        nodes.settings = "catch-up-bytes-per-second = 20 kB, request-bytes-max = 500";
        nodes.start(0);
        nodes.stop(2);
        Log log = lead(0);
        fill(log, 100);
        nodes.start(2);

        isAsTheLeaderIs(log);
    }

    private void isAsTheLeaderIs(Log leader) {
        await().untilAsserted(() -> {
            Log copy = nodes.log(2);
            assertThat(copy.view().highWatermark()).isEqualTo(leader.view().highWatermark());
            assertThat(copy.view().highestSequenceNr()).isEqualTo(leader.view().highestSequenceNr());
            assertThat(copy.view().logStartOffset()).isEqualTo(leader.view().logStartOffset());
        });
    }

    private static void fill(Log log, int batches) {
        for (int i = 0; i < batches; i++) {
            get(appendBatch(log, log.leaderEpoch(),
                    IntStream.range(0, BATCH).mapToObj(v -> "value" + v).toList()));
        }
    }

    private Log lead(int node) {
        Log log = nodes.log(node);
        get(log.claim());
        return log;
    }
}
