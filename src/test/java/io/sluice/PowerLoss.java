package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;

/** What a machine that loses its power does to the files of a node that ran on it, done to those of a process that was killed. */
final class PowerLoss {
    static final String REPORT = "the machine restarted while this node ran";

    private static final Pattern NUMBER = Pattern.compile("(?m)^(recovery-segment|recovery-position)=(\\d+)$");

    private final Random random;

    PowerLoss(Random random) {
        this.random = random;
    }

    /** Cuts off any part of what was not flushed of each partition, and has the machine boot anew. */
    void happenTo(NodeProcess killed, List<TopicPartition> partitions) {
        try {
            for (TopicPartition partition : partitions) {
                cut(ReplicaCopies.segments(killed, partition));
            }
            Path running = killed.data().resolve("running");
            String text = Files.readString(running).replaceFirst("boot-id=.*", "boot-id=" + random.nextLong())
                    .replaceFirst("crc=.*\n", "");
            CRC32C crc = new CRC32C();
            crc.update(text.getBytes(UTF_8));
            Files.writeString(running, text + "crc=" + Long.toHexString(crc.getValue()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cut(List<Path> segments) throws IOException {
        Path last = segments.getLast();
        long size = Files.size(last);
        long flushed = flushed(last);
        if (flushed < size) {
            try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
                file.setLength(flushed + random.nextLong(size - flushed));
            }
        }
    }

    /** How much of the last segment lies below the recovery point. */
    private static long flushed(Path last) throws IOException {
        Path checkpoint = last.resolveSibling("checkpoint");
        if (!Files.exists(checkpoint)) {
            return 0;
        }
        long segment = 0;
        long position = 0;
        Matcher m = NUMBER.matcher(Files.readString(checkpoint));
        while (m.find()) {
            long number = Long.parseLong(m.group(2));
            if (m.group(1).endsWith("segment")) {
                segment = number;
            } else {
                position = number;
            }
        }
        String name = last.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.'))) == segment ? position : 0;
    }
}
