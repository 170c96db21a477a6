package io.sluice.persistence.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Lets the socket read straight into the frame that its {@link FrameAssembler} fills. One per connection. */
@SuppressWarnings("deprecation") // Netty names no successor of the interface, and its own transports use it
public final class FrameReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int READS_PER_LOOP_MAX = 16;

    private final FrameAssembler assembler;

    /** @param assembler of the same connection */
    public FrameReceiveAllocator(FrameAssembler assembler) {
        super(READS_PER_LOOP_MAX);
        this.assembler = assembler;
    }

    @Override
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return FrameAssembler.IDLE_READ_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return assembler.receiveBuffer();
            }
        };
    }
}
