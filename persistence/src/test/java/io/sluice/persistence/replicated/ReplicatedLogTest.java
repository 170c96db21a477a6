package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.append;
import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The replicated log over real disks and sockets; what it promises under faults is the simulation's business. */
class ReplicatedLogTest extends OnThreeNodes {
    @Test
    void whatIsAcknowledgedIsOnAllNodesSoon() {
        Log log = lead(0);
        for (int i = 0; i < 20; i++) {
            get(append(log, "v" + i));
        }

        assertThat(log.view().highWatermark()).isEqualTo(20);
        String expected = nodes.committed(0);
        assertThat(expected).startsWith("v0 v1 ").endsWith(" v19");
        await().untilAsserted(() -> {
            assertThat(nodes.committed(1)).isEqualTo(expected);
            assertThat(nodes.committed(2)).isEqualTo(expected);
        });
    }

    @Test
    void theNextLeaderHasWhatTheLastAcknowledged() {
        Log first = lead(0);
        for (int i = 0; i < 20; i++) {
            get(append(first, "v" + i));
        }
        int epoch = first.leaderEpoch();
        String expected = nodes.committed(0);
        nodes.stop(0);

        Log second = lead(1);

        assertThat(second.leaderEpoch()).isGreaterThan(epoch);
        assertThat(second.view().highWatermark()).isEqualTo(20);
        assertThat(second.view().highestSequenceNr()).isEqualTo(20);
        assertThat(nodes.committed(1)).isEqualTo(expected);
        get(append(second, "more"));
        nodes.start(0);
        await().untilAsserted(() -> assertThat(nodes.committed(0)).isEqualTo(expected + " more"));
    }

    @Test
    void anOlderLeaderCannotAppend() {
        Log first = lead(0);
        get(append(first, "one"));
        int epoch = first.leaderEpoch();

        Log second = lead(1);

        assertThatThrownBy(() -> get(append(first, epoch, "lost"))).hasCauseInstanceOf(FencedException.class);
        assertThat(first.leaderEpoch()).isEqualTo(-1);
        get(append(second, "two"));
        await().untilAsserted(() -> assertThat(nodes.committed(0)).isEqualTo("one two"));
    }

    @Test
    void nothingIsAcknowledgedWithoutAMajority() {
        Log log = lead(0);
        get(append(log, "one"));
        nodes.stop(1);
        nodes.stop(2);

        CompletableFuture<Void> waiting = append(log, "two").toCompletableFuture();

        await().untilAsserted(() -> assertThat(log.view().logEndOffset()).isEqualTo(2));
        assertThat(log.view().highWatermark()).isEqualTo(1);
        assertThat(waiting).isNotDone();
        nodes.start(2);
        get(waiting);
        assertThat(log.view().highWatermark()).isEqualTo(2);
    }

    @Test
    void aLogThatTooFewReplicasAnswerForIsNotLed() {
        nodes.stop(1);
        nodes.stop(2);

        assertThatThrownBy(() -> lead(0)).hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("answer to lead it, 1 of 3; waits for replica ");
    }

    @Test
    void aTermEndsWhenItIsGivenUp() {
        Log log = lead(0);
        int epoch = log.leaderEpoch();

        log.resign(epoch);

        assertThat(log.leaderEpoch()).isEqualTo(-1);
        assertThatThrownBy(() -> get(append(log, epoch, "late"))).hasCauseInstanceOf(FencedException.class);
        assertThat(get(log.claim())).isGreaterThan(epoch);
    }

    private Log lead(int node) {
        Log log = nodes.log(node);
        get(log.claim());
        return log;
    }
}
