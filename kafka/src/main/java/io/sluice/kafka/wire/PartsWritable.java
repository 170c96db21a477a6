package io.sluice.kafka.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.net.SliceRegion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Collects a response as few buffers, with the records of log slices as file regions between them. */
final class PartsWritable implements Writable {

    private final List<Object> parts = new ArrayList<>(1);
    private final ByteBuf buffer;
    private int cut;

    /** @param bytes size of everything but records */
    PartsWritable(ByteBufAllocator allocator, int bytes) {
        buffer = allocator.directBuffer(bytes);
    }

    /** Ends the collection; nothing may be written any more. */
    List<Object> parts() {
        if (cut == 0) {
            parts.add(buffer);
        } else {
            cutBuffer();
            buffer.release();
        }
        return parts;
    }

    /** Frees everything after a failure. */
    void release() {
        new EncodedResponse(parts).release();
        buffer.release();
    }

    private void cutBuffer() {
        int written = buffer.writerIndex();
        if (written > cut) {
            parts.add(buffer.retainedSlice(cut, written - cut));
            cut = written;
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        switch (records) {
            case SliceRecords slice -> writeSlice(slice);
            case MemoryRecords memory -> writeMemory(memory);
            default -> throw new IllegalArgumentException("records of " + records.getClass());
        }
    }

    private void writeSlice(SliceRecords records) {
        if (records.sizeInBytes() == 0) {
            records.close();
        } else if (records.sizeInBytes() <= SliceRegion.COPIED_BYTES_MAX) {
            try (LogSlice slice = records.take()) {
                SliceRegion.copy(slice, buffer);
            }
        } else {
            cutBuffer();
            parts.add(new SliceRegion(records.take()));
        }
    }

    private void writeMemory(MemoryRecords memory) {
        if (memory.sizeInBytes() > 0) {
            cutBuffer();
            parts.add(Unpooled.wrappedBuffer(memory.buffer()));
        }
    }

    @Override
    public void writeByte(byte value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        buffer.writeBytes(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        buffer.writeBytes(value.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            buffer.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }
}
