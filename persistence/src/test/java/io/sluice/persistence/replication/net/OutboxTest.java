package io.sluice.persistence.replication.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final AtomicInteger woken = new AtomicInteger();
    private final Outbox outbox = new Outbox(100, woken::incrementAndGet);

    private static OutgoingFrame frame(int bytes) {
        ByteBuf head = Unpooled.buffer(bytes).writeZero(bytes);
        return new OutgoingFrame(head, null, bytes);
    }

    @Test
    void shouldWakeOnceUntilEmptied() {
        assertThat(outbox.offer(frame(10))).isTrue();
        assertThat(outbox.offer(frame(10))).isTrue();
        assertThat(woken).hasValue(1);
        assertThat(outbox.poll()).isNotNull();
        assertThat(outbox.poll()).isNotNull();
        assertThat(outbox.poll()).isNull();
        outbox.offer(frame(10));
        assertThat(woken).hasValue(2);
    }

    @Test
    void shouldRefuseAndReleaseWhatHasNoRoomUntilFramesAreOut() {
        outbox.offer(frame(60));
        OutgoingFrame second = frame(60);
        assertThat(outbox.offer(second)).isFalse();
        assertThat(second.head().refCnt()).isZero();
        outbox.poll();
        assertThat(outbox.offer(frame(60))).as("polled, but not out").isFalse();
        outbox.written(60);
        assertThat(outbox.offer(frame(60))).isTrue();
        assertThat(outbox.used()).isEqualTo(60);
    }

    @Test
    void shouldAlwaysTakeASingleFrame() {
        assertThat(outbox.offer(frame(1000))).isTrue();
        assertThat(outbox.isFull()).isTrue();
        assertThat(outbox.offer(frame(1))).isFalse();
    }

    @Test
    void shouldReleaseWhatWaitsWhenClosed() {
        OutgoingFrame waiting = frame(10);
        outbox.offer(waiting);
        outbox.close();
        assertThat(waiting.head().refCnt()).isZero();
        OutgoingFrame late = frame(10);
        assertThat(outbox.offer(late)).isFalse();
        assertThat(late.head().refCnt()).isZero();
        assertThat(outbox.used()).isZero();
    }
}
