package io.sluice;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/** A socket to a node's client listener that sends whatever bytes a test wants, and never more cleverly than that. */
final class RawConnection implements AutoCloseable {

    private static final int READ_LIMIT_MS = 10_000;
    private static final int CORRELATION_ID = 7;

    private final Socket socket;
    private final DataInputStream in;

    RawConnection(NodeProcess node) throws IOException {
        socket = new Socket(node.host(), node.port());
        socket.setSoTimeout(READ_LIMIT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** A request with its header, without the length in front. */
    static ByteBuffer request(ApiKeys api, int version, ApiMessage body) {
        short headerVersion = api.requestHeaderVersion((short) version);
        ByteBuffer header = MessageUtil.toByteBufferAccessor(new RequestHeaderData().setRequestApiKey(api.id)
                .setRequestApiVersion((short) version).setCorrelationId(CORRELATION_ID).setClientId("raw"),
                headerVersion).buffer();
        ByteBuffer content = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
        return ByteBuffer.allocate(header.remaining() + content.remaining()).put(header).put(content).flip();
    }

    /** The same for an API or a version that the client's library does not know: a header of the oldest kind and some bytes. */
    static ByteBuffer request(int apiKey, int version, int bytes) {
        return ByteBuffer.allocate(8 + 5 + bytes).putShort((short) apiKey).putShort((short) version)
                .putInt(CORRELATION_ID)
                .putShort((short) 3).put(new byte[]{'r', 'a', 'w'}).position(0);
    }

    /** Sends a length and the frame; a connection that the node has closed already is no error here, the answer tells. */
    void send(ByteBuffer frame) throws IOException {
        sendRaw(ByteBuffer.allocate(4 + frame.remaining()).putInt(frame.remaining()).put(frame.duplicate()).flip());
    }

    void sendRaw(ByteBuffer bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } catch (SocketException e) {
            // closed by the node while we write
        }
    }

    /** True when the node closes the connection without an answer. */
    boolean isClosedByNode() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** The next response, read as one of this API and version. */
    <T extends Message> T receive(ApiKeys api, int version, T response) throws IOException {
        ByteBuffer frame = receive();
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        ResponseHeaderData header = new ResponseHeaderData(readable, api.responseHeaderVersion((short) version));
        if (header.correlationId() != CORRELATION_ID) {
            throw new AssertionError("correlation id " + header.correlationId());
        }
        response.read(readable, (short) version);
        if (frame.hasRemaining()) {
            throw new AssertionError(frame.remaining() + " bytes after the response");
        }
        return response;
    }

    /** The next response frame. */
    ByteBuffer receive() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (EOFException e) {
            throw new AssertionError("the node closed the connection", e);
        }
    }

    /** Sends a well-formed request and reads its response. */
    <T extends Message> T exchange(ApiKeys api, int version, ApiMessage body, T response) throws IOException {
        send(request(api, version, body));
        return receive(api, version, response);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
