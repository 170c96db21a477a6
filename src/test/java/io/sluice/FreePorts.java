package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that a node can come back to. One that the system picks for port 0 is from the range that outgoing connections get theirs from: while
 * the node is down, any connection of this machine may be given it, and the node cannot listen there again. These are from below that range,
 * free when they are given out, and given out once in this JVM. Thread-safe.
 */
final class FreePorts {

    private static final int FIRST = 10_000;
    private static final int TRIALS = 1_000;
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final BitSet GIVEN = new BitSet();

    private FreePorts() {
    }

    /** A loopback port that nothing listens on. */
    static synchronized int next() {
        try {
            int end = firstEphemeral();
            for (int trial = 0; trial < TRIALS; trial++) {
                int port = ThreadLocalRandom.current().nextInt(FIRST, end);
                if (!GIVEN.get(port) && isFree(port)) {
                    GIVEN.set(port);
                    return port;
                }
            }
            throw new AssertionError("no free port from " + FIRST + " to " + end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int firstEphemeral() throws IOException {
        try (Scanner range = new Scanner(EPHEMERAL_RANGE, StandardCharsets.US_ASCII)) {
            return range.nextInt();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
