package io.sluice.persistence.replication.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * How nodes connect to replicate logs: the section {@code sluice.replication}, explained in {@code reference.conf}.
 *
 * @param host address to bind
 * @param port port to bind, 0 for any free one
 * @param ioThreads event loops, where none are shared
 * @param nativeTransport whether to use epoll where it is there, instead of NIO
 * @param connectionsMax connections that other nodes may have to this one
 * @param windowBytes most bytes under way to one follower of one log
 * @param bounds what may be in memory
 * @param timeouts when to give up
 */
public record NetSettings(String host, int port, int ioThreads, boolean nativeTransport, int connectionsMax,
        int windowBytes, Bounds bounds, Timeouts timeouts) {

    /**
     * Bounds in bytes.
     *
     * @param frame size of a frame; a larger one closes its connection
     * @param received of one connection, received and not released; past it the connection is not read
     * @param receivedInAll the same of all connections of the node
     * @param outgoing of one connection, accepted for sending and not sent
     */
    public record Bounds(int frame, long received, long receivedInAll, long outgoing) {
        public Bounds {
            positive("frame-bytes-max", frame);
            positive("received-bytes-max", received);
            positive("node-received-bytes-max", receivedInAll);
            positive("outgoing-bytes-max", outgoing);
        }
    }

    /**
     * Times.
     *
     * @param connect for a connection and its handshake
     * @param heartbeat an idle connection is written to this often
     * @param dead a connection that was not heard of for so long is closed
     * @param frame for a frame to arrive once it began
     * @param idle a connection without messages for so long is closed by who made it
     * @param reconnectLeast before the first new attempt to connect
     * @param reconnectGreatest before further ones
     */
    public record Timeouts(Duration connect, Duration heartbeat, Duration dead, Duration frame, Duration idle,
            Duration reconnectLeast, Duration reconnectGreatest) {
        public Timeouts {
            positive("connect-timeout in ms", connect.toMillis());
            positive("heartbeat-interval in ms", heartbeat.toMillis());
            positive("frame-timeout in ms", frame.toMillis());
            positive("idle-timeout in ms", idle.toMillis());
            positive("reconnect-backoff in ms", reconnectLeast.toMillis());
            if (dead.compareTo(heartbeat) <= 0) {
                throw new IllegalArgumentException("dead-after must be longer than heartbeat-interval");
            }
            if (reconnectGreatest.compareTo(reconnectLeast) < 0) {
                throw new IllegalArgumentException("reconnect-backoff-max must not be shorter than reconnect-backoff");
            }
        }
    }

    public NetSettings {
        positive("io-threads", ioThreads);
        positive("connections-max", connectionsMax);
        positive("window-bytes", windowBytes);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", must be from 0 to 65535");
        }
    }

    /**
     * Reads the section.
     *
     * @param section {@code sluice.replication}
     * @throws IllegalArgumentException naming the bad key and what to write instead
     */
    public static NetSettings read(Config section) {
        try {
            Bounds bounds = new Bounds(bytes(section, "frame-bytes-max"), section.getBytes("received-bytes-max"),
                    section.getBytes("node-received-bytes-max"), section.getBytes("outgoing-bytes-max"));
            Timeouts timeouts = new Timeouts(section.getDuration("connect-timeout"),
                    section.getDuration("heartbeat-interval"), section.getDuration("dead-after"),
                    section.getDuration("frame-timeout"), section.getDuration("idle-timeout"),
                    section.getDuration("reconnect-backoff"), section.getDuration("reconnect-backoff-max"));
            return new NetSettings(section.getString("host"), section.getInt("port"), section.getInt("io-threads"),
                    section.getBoolean("native-transport"), section.getInt("connections-max"),
                    bytes(section, "window-bytes"), bounds, timeouts);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IllegalArgumentException("bad value in sluice.replication: " + e.getMessage(), e);
        }
    }

    private static int bytes(Config section, String key) {
        long value = section.getBytes(key);
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + " is " + value + ", must be less than 2 GiB");
        }
        return (int) value;
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
    }
}
