package io.sluice.streams.javadsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ChunkBuffersTest {

    private final ChunkBuffers buffers = new ChunkBuffers(16_384);

    @Test
    void aBufferHasRoomForWhatWasAskedFor() {
        for (int size : new int[]{1, 2, 4095, 4096, 4097, 100_000}) {
            ByteBuffer buffer = buffers.take(size);
            assertThat(buffer.position()).isZero();
            assertThat(buffer.remaining()).isEqualTo(size);
            assertThat(buffer.isDirect()).isTrue();
        }
    }

    @Test
    void whatIsGivenBackIsUsedAgain() {
        ByteBuffer buffer = buffers.take(5000);
        assertThat(buffers.take(5000)).as("the other is in use").isNotSameAs(buffer);
        buffer.position(3);
        buffers.giveBack(buffer);
        assertThat(buffers.take(8000)).isSameAs(buffer)
                .satisfies(again -> assertThat(again.remaining()).isEqualTo(8000));
    }

    @Test
    void whatIsTooSmallIsNotUsed() {
        ByteBuffer small = buffers.take(100);
        buffers.giveBack(small);
        assertThat(buffers.take(5000)).isNotSameAs(small);
        assertThat(buffers.take(100)).isSameAs(small);
    }

    @Test
    void noMoreIsKeptThanTheLimit() {
        ByteBuffer one = buffers.take(8192);
        ByteBuffer two = buffers.take(8192);
        ByteBuffer three = buffers.take(8192);
        buffers.giveBack(one);
        buffers.giveBack(two);
        buffers.giveBack(three);
        assertThat(buffers.take(8192)).isSameAs(three);
        assertThat(buffers.take(8192)).isSameAs(two);
        assertThat(buffers.take(8192)).isNotSameAs(one);
    }
}
