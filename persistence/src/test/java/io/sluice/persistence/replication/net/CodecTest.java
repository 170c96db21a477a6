package io.sluice.persistence.replication.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CodecTest {

    @Property(tries = 500)
    void shouldReadTheRequestsItWrote(@ForAll long seed) throws Exception {
        for (ReplicaRequest request : Messages.requests(new Random(seed))) {
            ReplicaRequest got = request(Messages.encoded(request));
            assertThat(got).usingRecursiveComparison().ignoringFields("batches", "content").isEqualTo(request);
            assertThat(Messages.content(got)).isEqualTo(Messages.content(request));
        }
    }

    @Property(tries = 500)
    void shouldReadTheRepliesItWrote(@ForAll long seed) throws Exception {
        for (ReplicaReply reply : Messages.replies(new Random(seed))) {
            ReplicaReply got = reply(Messages.encoded(reply));
            assertThat(got).usingRecursiveComparison().ignoringFields("batches", "content").isEqualTo(reply);
            assertThat(Messages.content(got)).isEqualTo(Messages.content(reply));
        }
    }

    @Property(tries = 300)
    void shouldRefuseWhatEndsTooEarly(@ForAll long seed) {
        Random random = new Random(seed);
        for (ReplicaRequest request : Messages.requests(random)) {
            byte[] frame = Messages.encoded(request);
            // what comes last may have any length; everything before it may not
            int last = Messages.content(request).remaining();
            byte[] cut = java.util.Arrays.copyOf(frame, 1 + random.nextInt(frame.length - last - 1));
            assertThatThrownBy(() -> request(cut)).isInstanceOf(MalformedFrameException.class);
        }
    }

    /** Anything but a message or a {@link MalformedFrameException} fails. */
    @Property(tries = 2000)
    void shouldBearAnyBytes(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> samples = Messages.samples(random);
        byte[] frame = samples.get(random.nextInt(samples.size()));
        for (int i = random.nextInt(6); i >= 0; i--) {
            frame[random
                    .nextInt(frame.length)] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1);
        }
        try {
            request(frame);
        } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            reply(frame);
        } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void shouldNotBelieveACount() {
        ByteBuf frame = Unpooled.buffer();
        new FrameWriter(frame, FrameType.SYNC).string("log", 10).int32(1).uuid(new java.util.UUID(1, 2))
                .replica(Messages.SOME).int32(FrameWriter.EPOCHS_MAX).end(0);
        assertThatThrownBy(() -> request(Messages.withoutLength(frame))).isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("ends within");
        ByteBuf more = Unpooled.buffer();
        new FrameWriter(more, FrameType.SYNC).string("log", 10).int32(1).uuid(new java.util.UUID(1, 2))
                .replica(Messages.SOME).int32(Integer.MAX_VALUE).end(0);
        assertThatThrownBy(() -> request(Messages.withoutLength(more))).hasMessageContaining("2147483647 epochs");
    }

    @Test
    void shouldNotWriteWhatWouldBeRefused() {
        ReplicaRequest.Header header = new ReplicaRequest.Header("x".repeat(FrameWriter.LOG_CHARS_MAX + 1), 1,
                new java.util.UUID(1, 2), Messages.SOME);
        assertThatThrownBy(() -> Messages.encoded(new ReplicaRequest.Seal(header, 1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at most");
    }

    private static ReplicaRequest request(byte[] frame) throws MalformedFrameException {
        FrameReader reader = new FrameReader(ByteBuffer.wrap(frame));
        return RequestCodec.decode(reader.type(), reader);
    }

    private static ReplicaReply reply(byte[] frame) throws MalformedFrameException {
        FrameReader reader = new FrameReader(ByteBuffer.wrap(frame));
        return ReplyCodec.decode(reader.type(), reader);
    }
}
