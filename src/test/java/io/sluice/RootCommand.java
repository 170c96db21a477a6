package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Commands that change the machine under the nodes: networks, file systems. Only root may run them, and not in every container. */
final class RootCommand {

    private RootCommand() {
    }

    /**
     * Runs a command to its end.
     *
     * @param line its words, separated by single spaces
     * @throws IllegalStateException if it fails
     */
    static void run(String line) {
        try {
            Process process = new ProcessBuilder(List.of(line.split(" "))).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether a command works here. */
    static boolean works(String line) {
        try {
            run(line);
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }
}
