package io.sluice.bench.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node of its own, with the application of the rounds in it. */
final class BenchNode implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final String bootstrap;

    private BenchNode(Process process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Starts it and waits until it is ready. */
    static BenchNode start(Path root, Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("node.log");
        Process process = new ProcessBuilder(List.of(root.resolve("bin/sluice").toString(), "start", "--data",
                directory.resolve("data").toString(), "--listen", "127.0.0.1:0", "--cluster", "127.0.0.1:0", "--set",
                "sluice.log.flush=os", "--set", "group.initial.rebalance.delay.ms=0", "--set",
                "sluice.streams.directory=" + root.resolve("bench/target"), "--set",
                "sluice.streams.applications=" + StreamRounds.class.getName())).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            for (String line : Files.readAllLines(log)) {
                int at = line.indexOf("Kafka clients on ");
                if (at >= 0) {
                    String rest = line.substring(at + "Kafka clients on ".length());
                    return new BenchNode(process, rest.substring(0, rest.indexOf(',')));
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        process.destroyForcibly();
        throw new IOException("the node did not start: " + Files.readString(log));
    }

    String bootstrap() {
        return bootstrap;
    }

    /** CPU seconds that it has used. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS).join().destroyForcibly();
    }
}
