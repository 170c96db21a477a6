package io.sluice.kafka.fakes;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A blocking client that speaks frames, with an independent codec: kafka-clients' own. */
public final class WireClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    public WireClient(InetSocketAddress address) {
        try {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as a frame with its length. */
    public static ByteBuffer frame(ApiKeys api, short version, int correlationId, ApiMessage request) {
        short headerVersion = api.requestHeaderVersion(version);
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(api.id).setRequestApiVersion(version)
                .setCorrelationId(correlationId).setClientId("test");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int length = header.size(cache, headerVersion) + request.size(cache, version);
        ByteBuffer frame = ByteBuffer.allocate(4 + length).putInt(length);
        ByteBufferAccessor out = new ByteBufferAccessor(frame);
        header.write(out, cache, headerVersion);
        request.write(out, cache, version);
        return frame.flip();
    }

    /** The same as bytes. */
    public static byte[] frameBytes(ApiKeys api, short version, int correlationId, ApiMessage request) {
        ByteBuffer frame = frame(api, version, correlationId, request);
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    public void send(ApiKeys api, int version, int correlationId, ApiMessage request) {
        send(frame(api, (short) version, correlationId, request));
    }

    public void send(ByteBuffer bytes) {
        try {
            socket.getOutputStream().write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next response frame without its length, or null at the end of the stream. */
    public ByteBuffer receive() {
        try {
            int length = in.readInt();
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return null;
        }
    }

    /** The next response, whose correlation id must be the given one. */
    public <T extends ApiMessage> T receive(ApiKeys api, int version, int correlationId, Class<T> type) {
        ByteBuffer frame = receive();
        if (frame == null) {
            throw new AssertionError("connection closed");
        }
        return decode(frame, api, (short) version, correlationId, type);
    }

    public static <T extends ApiMessage> T decode(ByteBuffer frame, ApiKeys api, short version, int correlationId,
            Class<T> type) {
        ByteBufferAccessor bytes = new ByteBufferAccessor(frame);
        int actual = new ResponseHeaderData(bytes, api.responseHeaderVersion(version)).correlationId();
        if (actual != correlationId) {
            throw new AssertionError("correlation id " + actual + ", not " + correlationId);
        }
        ApiMessage response = api.messageType.newResponse();
        response.read(bytes, version);
        if (bytes.remaining() != 0) {
            throw new AssertionError(bytes.remaining() + " bytes too many");
        }
        return type.cast(response);
    }

    public <T extends ApiMessage> T call(ApiKeys api, int version, ApiMessage request, Class<T> type) {
        send(api, version, 7, request);
        return receive(api, version, 7, type);
    }

    /** Sends no more, but still receives. */
    public void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
