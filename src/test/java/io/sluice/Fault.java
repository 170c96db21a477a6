package io.sluice;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/** What happens to a cluster under load, once in each round. */
@FunctionalInterface
interface Fault {

    /** More than a producer may have on its way, so that each partition gets some of them through. */
    int SOME = 500;

    /**
     * Has it happen and waits until it is over.
     *
     * @param round what is in the descriptions of failed conditions
     */
    void happen(ClusterProcesses cluster, ReplicatedLoad load, String round);

    /** Has it happen again and again to three nodes under load, then checks everything; no node may log an error that the fault did not announce. */
    static void underLoad(ClusterProcesses cluster, String name, int rounds, Fault fault) throws InterruptedException {
        try (ReplicatedLoad load = new ReplicatedLoad(cluster)) {
            for (int i = 0; i < rounds; i++) {
                String round = name + ", round " + i;
                load.awaitProgress(SOME + ThreadLocalRandom.current().nextInt(SOME), "before " + round);
                fault.happen(cluster, load, round);
            }
            load.finishAndVerify();
        }
        cluster.assertNoUnexpectedError();
    }

    /** Waits for as long as a fault is to last. */
    static void lasts(Duration time) {
        long began = System.nanoTime();
        Awaitility.await("the fault is over").atMost(time.plusSeconds(10)).pollInterval(Duration.ofMillis(10))
                .until(() -> System.nanoTime() - began >= time.toNanos());
    }
}
