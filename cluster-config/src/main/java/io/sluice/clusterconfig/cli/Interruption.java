package io.sluice.clusterconfig.cli;

import java.io.IOException;
import java.time.Duration;

/**
 * Lets a command that runs until it is stopped end in order: what it has is written, its connections are closed. Ctrl-C and SIGTERM ask for that; a
 * command that takes too long is cut short.
 */
final class Interruption {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Interruption() {
    }

    /** What may take long. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Works on this thread.
     *
     * @param stop has the work end soon; called on another thread, at most once
     */
    static void possible(Runnable stop, Work work) throws IOException {
        Thread command = Thread.currentThread();
        Thread hook = new Thread(() -> {
            stop.run();
            try {
                command.join(LIMIT); // the command ends the process with its own status before
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            work.run();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // it is running: the process is on its way out
            }
        }
    }
}
