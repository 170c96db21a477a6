package io.sluice.kafka.server;

import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/**
 * How the Kafka listener behaves.
 *
 * @param host address to bind
 * @param port port to bind, 0 for any free one
 * @param ioThreads number of event loops
 * @param nativeTransport whether to use epoll where it is there, instead of NIO
 * @param backlog connections that the kernel may hold before they are accepted
 * @param requests what requests may take
 * @param connections how many connections there may be, and for how long
 * @param stopTimeout how long requests in flight may take to finish when the server stops
 */
public record KafkaServerSettings(String host, int port, int ioThreads, boolean nativeTransport, int backlog,
        Requests requests, Connections connections, Duration stopTimeout) {

    /** The defaults at an address. */
    public static KafkaServerSettings of(String host, int port) {
        return new KafkaServerSettings(host, port, Math.min(2, Runtime.getRuntime().availableProcessors()), true, 512,
                Requests.DEFAULTS, Connections.DEFAULTS, Duration.ofSeconds(5));
    }

    public KafkaServerSettings {
        positive("ioThreads", ioThreads);
        positive("backlog", backlog);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", must be from 0 to 65535");
        }
    }

    /** These settings with other limits. */
    public KafkaServerSettings with(Requests newRequests, Connections newConnections) {
        return new KafkaServerSettings(host, port, ioThreads, nativeTransport, backlog, newRequests, newConnections,
                stopTimeout);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
    }

    /**
     * Bounds on requests. A connection past one of its own is not read until it is below again.
     *
     * @param bytesMax size of a frame ({@code socket.request.max.bytes}); a larger one closes the connection
     * @param controlBytesMax size of a frame of any API but Produce, whose messages take a multiple of their bytes in the heap; a larger one
     *        closes the connection
     * @param inFlightMax requests of one connection that are not answered yet
     * @param inFlightBytesMax bytes of such requests of one connection
     * @param nodeBytesMax bytes of requests that all connections together receive and serve; beyond it new frames wait. By default half
     *        of what the JVM may take outside its heap
     * @param unsentBytesMax response bytes of one connection that the client has not taken yet, file regions left out
     * @param receiveTimeout how long a frame may take to arrive once it began
     */
    public record Requests(int bytesMax, int controlBytesMax, int inFlightMax, int inFlightBytesMax, long nodeBytesMax,
            int unsentBytesMax, Duration receiveTimeout) {

        /** The defaults. */
        public static final Requests DEFAULTS = new Requests(100 << 20, 16 << 20, 64, 16 << 20,
                PlatformDependent.maxDirectMemory() / 2, 1 << 20, Duration.ofMinutes(2));

        public Requests {
            positive("bytesMax", bytesMax);
            positive("controlBytesMax", controlBytesMax);
            positive("inFlightMax", inFlightMax);
            positive("inFlightBytesMax", inFlightBytesMax);
            positive("nodeBytesMax", nodeBytesMax);
            positive("unsentBytesMax", unsentBytesMax);
            positive("receiveTimeout", receiveTimeout.toMillis());
        }
    }

    /**
     * Bounds on connections.
     *
     * @param max connections in all ({@code max.connections}); a further one is closed
     * @param perAddressMax connections from one address ({@code max.connections.per.ip}); a further one is closed
     * @param idleTimeout a connection without requests for so long is closed ({@code connections.max.idle.ms})
     */
    public record Connections(int max, int perAddressMax, Duration idleTimeout) {

        /** The defaults. */
        public static final Connections DEFAULTS = new Connections(20_000, 20_000, Duration.ofMinutes(10));

        public Connections {
            positive("max", max);
            positive("perAddressMax", perAddressMax);
            positive("idleTimeout", idleTimeout.toMillis());
        }
    }
}
