package io.sluice.kafka.wire;

import io.sluice.persistence.log.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** A slice of a file of its own, which counts how often it is closed. */
final class TestSlice implements LogSlice {
    final AtomicInteger closed = new AtomicInteger();
    private final FileChannel channel;
    private final int length;

    /** A file of {@code 7 + length} bytes, each its position; the slice begins at 7. */
    TestSlice(Path file, int length) {
        this.length = length;
        byte[] bytes = new byte[7 + length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            channel.write(ByteBuffer.wrap(bytes), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long position() {
        return 7;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public long nextOffset() {
        return 0;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
