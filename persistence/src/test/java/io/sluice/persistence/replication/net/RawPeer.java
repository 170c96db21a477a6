package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.persistence.replication.ReplicaId;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A peer that sends whatever bytes a test likes, once it has greeted properly. */
final class RawPeer implements AutoCloseable {
    private final Socket socket;

    RawPeer(InetSocketAddress address, ReplicaId expected) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        ByteBuf hello = Unpooled.buffer();
        Handshake.write(new Handshake.Hello(Handshake.VERSION, "c1", new ReplicaId("raw"), expected), hello);
        send(bytes(hello));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] welcome = new byte[in.readInt()];
        in.readFully(welcome);
        if (welcome[0] != FrameType.WELCOME.code()) {
            throw new AssertionError("frame of type " + welcome[0]);
        }
    }

    /** Answers the hello of who connected, as {@code self}. */
    static void welcome(Socket accepted, ReplicaId self) throws IOException {
        DataInputStream in = new DataInputStream(accepted.getInputStream());
        in.readFully(new byte[in.readInt()]);
        ByteBuf welcome = Unpooled.buffer();
        Handshake.write(new Handshake.Welcome("c1", self), welcome);
        accepted.getOutputStream().write(bytes(welcome));
    }

    private static byte[] bytes(ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
