package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.append;
import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Two nodes believe that they lead one log, and both are fed all the time: only the one that claimed last commits. */
class TwoLeadersTest extends OnThreeNodes {
    private static final int CLAIMS = 20;
    private static final int COMMITS_PER_TERM = 10;
    private static final int REFUSALS_PER_TERM = 10;
    /** After a refusal, for the others on the machine. */
    private static final long PAUSE_NANOS = 1_000_000;

    @Test
    void onlyTheLastToClaimCommits() throws InterruptedException {
        List<Feeder> feeders = List.of(new Feeder("a", nodes.log(0)), new Feeder("b", nodes.log(1)));
        try {
            for (int i = 0; i < CLAIMS; i++) {
                Feeder last = feeders.get(i % 2);
                Feeder before = feeders.get((i + 1) % 2);
                last.claim();
                int open = before.acknowledged.size();
                int refused = before.refused.get();
                int done = last.acknowledged.size();
                await().until(() -> {
                    boolean fed = last.acknowledged.size() - done >= COMMITS_PER_TERM
                            && (before.epoch < 0 || before.refused.get() - refused >= REFUSALS_PER_TERM);
                    return fed || last.failure != null || before.failure != null;
                });
                assertThat(before.acknowledged.size() - open).as("what was committed before, but told after")
                        .isLessThanOrEqualTo(1);
            }
        } finally {
            for (Feeder feeder : feeders) {
                feeder.end();
            }
        }
        for (Feeder feeder : feeders) {
            assertThat(feeder.failure).isNull();
        }
        Log log = nodes.log((CLAIMS - 1) % 2);
        await().untilAsserted(() -> assertThat(log.view().highWatermark()).isEqualTo(log.view().logEndOffset()));
        String committed = nodes.committed((CLAIMS - 1) % 2);
        List<String> inOrder = List.of(committed.split(" "));
        assertThat(inOrder).doesNotHaveDuplicates();
        for (Feeder feeder : feeders) {
            assertThat(inOrder).containsSubsequence(feeder.acknowledged);
        }
        await().untilAsserted(() -> {
            for (int node = 0; node < 3; node++) {
                assertThat(nodes.committed(node)).isEqualTo(committed);
            }
        });
    }

    /** Appends through one node without a pause, in the epoch that this node claimed last, whether that is over or not. */
    private static final class Feeder {
        private final String name;
        private final Log log;
        private final List<String> acknowledged = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::run, "feeder");
        private volatile int epoch = -1;
        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean running = true;
        private volatile Throwable failure;

        Feeder(String name, Log log) {
            this.name = name;
            this.log = log;
            thread.start();
        }

        void claim() {
            epoch = get(log.claim());
        }

        private void run() {
            int number = 0;
            while (running && failure == null) {
                if (epoch < 0 || !feed(name + number++)) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }

        /** Whether it was committed. */
        private boolean feed(String value) {
            try {
                get(append(log, epoch, value));
                acknowledged.add(value);
                return true;
            } catch (CompletionException e) {
                if (e.getCause() instanceof FencedException) {
                    refused.incrementAndGet();
                } else {
                    failure = e;
                }
                return false;
            }
        }

        void end() throws InterruptedException {
            running = false;
            thread.join();
        }
    }
}
