package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.FileRegion;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.net.SliceRegion;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.nio.ByteBuffer;

/**
 * A frame to be sent.
 *
 * @param head all of it, or all but the batches
 * @param batches what stays in its file until it is sent; null if nothing
 * @param bytes size of both
 */
record OutgoingFrame(ByteBuf head, FileRegion batches, long bytes) {
    private static final int HEAD_BYTES = 256;

    /** Writes a message up to its batches. */
    private interface Head {
        void encode(int batchesLength, ByteBuf to);
    }

    /**
     * A request as bytes.
     *
     * @param slice batches of an Append instead of its own; taken over; null if its own are meant
     * @throws IllegalArgumentException if the request is beyond a limit; the slice is closed
     */
    static OutgoingFrame of(ByteBufAllocator allocator, ReplicaRequest request, LogSlice slice, int bytesMax) {
        ByteBuffer own = switch (request) {
            case ReplicaRequest.Append append -> append.batches();
            case ReplicaRequest.PutSnapshot put -> put.content();
            default -> null;
        };
        return of(allocator, own, slice, bytesMax, (length, to) -> RequestCodec.encode(request, length, to));
    }

    /** As the other, for a reply. */
    static OutgoingFrame of(ByteBufAllocator allocator, ReplicaReply reply, LogSlice slice, int bytesMax) {
        ByteBuffer own = switch (reply) {
            case ReplicaReply.Entries entries -> entries.batches();
            case ReplicaReply.Snapshot snapshot -> snapshot.content();
            default -> null;
        };
        return of(allocator, own, slice, bytesMax, (length, to) -> ReplyCodec.encode(reply, length, to));
    }

    private static OutgoingFrame of(ByteBufAllocator allocator, ByteBuffer own, LogSlice slice, int bytesMax,
            Head encoder) {
        int length = slice != null ? slice.length() : own == null ? 0 : own.remaining();
        boolean copied = slice == null || length <= SliceRegion.COPIED_BYTES_MAX;
        ByteBuf head = null;
        boolean whole = false;
        try {
            head = allocator.directBuffer(copied ? HEAD_BYTES + length : HEAD_BYTES);
            encoder.encode(length, head);
            if (slice == null && own != null) {
                head.writeBytes(own.duplicate());
            } else if (slice != null && copied) {
                SliceRegion.copy(slice, head);
            }
            long bytes = head.readableBytes() + (copied ? 0L : length);
            if (bytes > bytesMax) {
                throw new IllegalArgumentException("frame of " + bytes + " bytes, must be at most " + bytesMax);
            }
            whole = true;
            return new OutgoingFrame(head, copied ? null : new SliceRegion(slice), bytes);
        } finally {
            if (!whole && head != null) {
                head.release();
            }
            if (slice != null && (copied || !whole)) {
                slice.close();
            }
        }
    }

    /** Frees a frame that is not sent. */
    void release() {
        head.release();
        if (batches != null) {
            batches.release();
        }
    }
}
