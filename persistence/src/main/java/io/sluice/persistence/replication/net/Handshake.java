package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaId;

/** How two nodes make sure that they mean each other: hello by who connected, welcome or a refusal by the other. */
final class Handshake {
    static final int VERSION = 3;
    /** No frame of a handshake is longer. */
    static final int BYTES_MAX = 4096;

    private static final int MAGIC = 0x534c_4352;
    private static final int REASON_CHARS_MAX = 1000;

    private Handshake() {
    }

    /**
     * The first frame.
     *
     * @param version of the protocol; if it is not ours, the other fields are not known
     * @param clusterId empty if the sender is in no cluster yet
     * @param sender who connected
     * @param expected whom it wants
     */
    record Hello(int version, String clusterId, ReplicaId sender, ReplicaId expected) {}

    /** The answer to a hello that fits. {@code clusterId} may be empty. */
    record Welcome(String clusterId, ReplicaId source) {}

    /** Why a hello does not fit this node, in one line; null if it does. */
    static String objection(Hello hello, ReplicaId self, String clusterId) {
        if (hello.version() != VERSION) {
            return "it speaks version " + hello.version() + " of the replication protocol, this node version "
                    + VERSION;
        }
        if (!self.equals(hello.expected())) {
            return "it wants replica " + hello.expected() + ", this is " + self;
        }
        return clusterObjection(hello.clusterId(), clusterId);
    }

    /** Why a welcome does not fit, in one line; null if it does. */
    static String objection(Welcome welcome, ReplicaId expected, String clusterId) {
        if (!expected.equals(welcome.source())) {
            return "it is replica " + welcome.source();
        }
        return clusterObjection(welcome.clusterId(), clusterId);
    }

    private static String clusterObjection(String theirs, String ours) {
        return theirs.isEmpty() || ours.isEmpty() || theirs.equals(ours)
                ? null
                : "it belongs to cluster " + theirs + ", this node to cluster " + ours;
    }

    static void write(Hello hello, ByteBuf to) {
        FrameWriter writer = new FrameWriter(to, FrameType.HELLO).int32(MAGIC).int32(hello.version())
                .string(hello.clusterId(), FrameWriter.ID_CHARS_MAX);
        writer.replica(hello.sender()).replica(hello.expected()).end(0);
    }

    static void write(Welcome welcome, ByteBuf to) {
        new FrameWriter(to, FrameType.WELCOME).string(welcome.clusterId(), FrameWriter.ID_CHARS_MAX)
                .replica(welcome.source()).end(0);
    }

    static void writeRefusal(String reason, ByteBuf to) {
        String text = reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
        new FrameWriter(to, FrameType.REFUSED).string(text, REASON_CHARS_MAX).end(0);
    }

    static Hello readHello(FrameReader from) throws MalformedFrameException {
        if (from.int32() != MAGIC) {
            throw new MalformedFrameException("not a node of Sluice");
        }
        int version = from.int32();
        if (version != VERSION) {
            return new Hello(version, "", null, null);
        }
        Hello hello = new Hello(version, from.string(FrameWriter.ID_CHARS_MAX), from.replica(), from.replica());
        from.end();
        return hello;
    }

    static Welcome readWelcome(FrameReader from) throws MalformedFrameException {
        Welcome welcome = new Welcome(from.string(FrameWriter.ID_CHARS_MAX), from.replica());
        from.end();
        return welcome;
    }

    static String readRefusal(FrameReader from) throws MalformedFrameException {
        String reason = from.string(REASON_CHARS_MAX);
        from.end();
        return reason;
    }
}
