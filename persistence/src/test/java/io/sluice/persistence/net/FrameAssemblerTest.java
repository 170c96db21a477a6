package io.sluice.persistence.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FrameAssemblerTest {
    private static final int KIND_LARGE = 0;
    private static final int KIND_SMALL = 1;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final List<Integer> admitted = new ArrayList<>();
    private boolean room = true;
    private final FrameAssembler frames = new FrameAssembler(allocator, new FrameGate() {
        @Override
        public int headBytes(int length) throws MalformedFrameException {
            if (length < 8 || length > 100 << 20) {
                throw new MalformedFrameException("frame of " + length + " bytes");
            }
            return length > 1 << 20 ? 2 : 0;
        }

        @Override
        public void check(int length, ByteBuf bytes, int at) throws MalformedFrameException {
            if (bytes.getShort(at) != KIND_LARGE) {
                throw new MalformedFrameException("kind " + bytes.getShort(at));
            }
        }

        @Override
        public boolean admit(int length) {
            if (room) {
                admitted.add(length);
            }
            return room;
        }
    });

    @Property(tries = 100)
    void shouldCutTheSameFramesHoweverTheBytesArrive(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        int most = random.nextBoolean() ? 3 : 100_000;
        List<byte[]> sent = new ArrayList<>();
        ByteBuf stream = allocator.buffer();
        for (int i = random.nextInt(20); i >= 0; i--) {
            byte[] frame = new byte[8 + random.nextInt(most > 3 && random.nextInt(10) == 0 ? 3_000_000 : 500)];
            random.nextBytes(frame);
            frame[0] = 0;
            frame[1] = KIND_LARGE;
            sent.add(frame);
            stream.writeInt(frame.length).writeBytes(frame);
        }
        List<byte[]> got = new ArrayList<>();
        while (stream.isReadable()) {
            ByteBuf into = frames.receiveBuffer();
            int n = Math.min(into.writableBytes(), Math.min(stream.readableBytes(), 1 + random.nextInt(most)));
            into.writeBytes(stream, n);
            frames.received(into);
            take(got);
        }
        stream.release();
        assertThat(got).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(got.get(i)).isEqualTo(sent.get(i));
        }
        assertThat(frames.release()).isZero();
        assertNothingHeld();
    }

    @Test
    void shouldReadALargeFrameIntoItsOwnBuffer() throws Exception {
        int length = 500_000;
        offer(allocator.buffer().writeInt(length).writeShort(KIND_LARGE).writeZero(94));
        assertThat(frames.next()).isNull();
        ByteBuf into = frames.receiveBuffer();
        assertThat(into.writableBytes()).isEqualTo(length - 96);
        into.writeZero(length - 96);
        frames.received(into);
        ByteBuf frame = frames.next();
        assertThat(frame).isSameAs(into);
        assertThat(frame.refCnt()).isOne();
        frame.release();
        assertNothingHeld();
    }

    @Test
    void shouldNotMakeRoomForAnAnnouncedLengthBeforeItsBytesArrive() throws Exception {
        offer(allocator.buffer().writeInt(100 << 20).writeShort(KIND_LARGE));
        assertThat(frames.next()).isNull();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .isLessThan(2 * FrameAssembler.FIRST_STEP_BYTES);
        assertThat(frames.release()).isEqualTo(100 << 20);
        assertNothingHeld();
    }

    @Test
    void shouldRefuseLengthsThatCannotBe() {
        for (int length : new int[]{-1, Integer.MIN_VALUE, 0, 7, (100 << 20) + 1, Integer.MAX_VALUE}) {
            offer(allocator.buffer().writeInt(length));
            assertThatThrownBy(frames::next).isInstanceOf(MalformedFrameException.class)
                    .hasMessageContaining("frame of " + length);
            frames.release();
        }
        assertThat(admitted).isEmpty();
        assertNothingHeld();
    }

    @Test
    void shouldRefuseALargeFrameOfAKindThatNeedsNone() throws Exception {
        offer(allocator.buffer().writeInt(2 << 20));
        assertThat(frames.next()).as("the kind is not there yet").isNull();
        offer(allocator.buffer().writeShort(KIND_SMALL));
        assertThatThrownBy(frames::next).hasMessageContaining("kind 1");
        frames.release();
        assertNothingHeld();
    }

    @Test
    void shouldKeepAFrameThatIsNotAdmittedUntilItIs() throws Exception {
        room = false;
        offer(allocator.buffer().writeInt(8).writeZero(8));
        assertThat(frames.next()).isNull();
        assertThat(frames.refused()).isTrue();
        room = true;
        ByteBuf frame = frames.next();
        assertThat(frame.readableBytes()).isEqualTo(8);
        assertThat(frames.refused()).isFalse();
        frame.release();
        assertThat(frames.next()).isNull();
        assertNothingHeld();
    }

    private void offer(ByteBuf bytes) {
        ByteBuf unused = frames.receiveBuffer();
        unused.release();
        frames.received(bytes);
    }

    private void take(List<byte[]> got) throws MalformedFrameException {
        ByteBuf frame;
        while ((frame = frames.next()) != null) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            got.add(bytes);
        }
    }

    private void assertNothingHeld() {
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).isZero();
    }
}
