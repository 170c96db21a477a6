package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.BatchHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** The copies of a partition on the nodes' disks, as bytes. Where a segment ends is each node's own business. */
final class ReplicaCopies {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private ReplicaCopies() {
    }

    /**
     * Waits until every node's disk holds the same bytes of each partition, which end at the given offset. Nobody may write any more.
     *
     * @param ends by partition, the offset after the last record
     */
    static void awaitIdentical(List<NodeProcess> nodes, Map<TopicPartition, Long> ends) {
        Awaitility.await("identical copies").atMost(LIMIT).pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> ends.forEach((partition, end) -> {
                    byte[] first = bytes(nodes.get(0), partition);
                    assertThat(endOffset(first)).as("end of %s on %s", partition, nodes.get(0).data()).isEqualTo(end);
                    for (NodeProcess other : nodes.subList(1, nodes.size())) {
                        byte[] copy = bytes(other, partition);
                        assertThat(endOffset(copy)).as("end of %s on %s", partition, other.data()).isEqualTo(end);
                        assertThat(Arrays.mismatch(copy, first)).as("first difference of %s on %s to that on %s",
                                partition, other.data(), nodes.get(0).data()).isEqualTo(-1);
                    }
                }));
    }

    private static long endOffset(byte[] log) {
        ByteBuffer batches = ByteBuffer.wrap(log);
        long end = 0;
        for (int at = 0; at < log.length; at += BatchHeader.sizeInBytes(batches, at)) {
            assertThat(batches.getLong(at)).as("base offset at byte %d", at).isEqualTo(end);
            end = BatchHeader.nextOffset(batches, at);
        }
        return end;
    }

    private static byte[] bytes(NodeProcess node, TopicPartition partition) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (Path segment : segments(node, partition)) {
                bytes.writeBytes(Files.readAllBytes(segment));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The files of a copy, oldest first. */
    static List<Path> segments(NodeProcess node, TopicPartition partition) throws IOException {
        try (Stream<Path> logs = Files.list(node.data().resolve("logs"))) {
            return segments(logs.filter(each -> each.getFileName().toString().startsWith(partition + "@")).findAny()
                    .orElseThrow(() -> new AssertionError("no copy of " + partition + " in " + node.data())));
        }
    }

    private static List<Path> segments(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".log")).sorted().toList();
        }
    }
}
