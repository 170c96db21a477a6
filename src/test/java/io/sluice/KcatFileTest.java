package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file of over 100,000 lines goes through kcat into a topic of one partition, and comes back byte by byte. */
@TestMethodOrder(OrderAnnotation.class)
class KcatFileTest {

    private static final int LINES = 120_000;
    private static final int FIRST_PART = 70_001;
    private static final String TOPIC = "lines";

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    @TempDir
    static Path files;

    /** A moment after the first part was written and before the second, milliseconds since the epoch. */
    private static long between;

    @BeforeAll
    static void produceInTwoParts() throws IOException {
        ForeignClient.KCAT.require();
        List<String> lines = lines();
        write("all", lines);
        write("part1", lines.subList(0, FIRST_PART));
        write("part2", lines.subList(FIRST_PART, LINES));
        JavaClients.createTopic(node.admin(), TOPIC, 1);
        kcat("part1", "-P", "-l");
        between = System.currentTimeMillis() + 1;
        Awaitility.await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> System.currentTimeMillis() > between);
        kcat("part2", "-P", "-l");
    }

    @Test
    @Order(1)
    void shouldGiveTheFileBackByteByByte() {
        assertThat(consumed("beginning")).hasSameBinaryContentAs(files.resolve("all"));
    }

    @Test
    @Order(2)
    void shouldStartAtAnOffset() {
        assertThat(consumed(Integer.toString(FIRST_PART))).hasSameBinaryContentAs(files.resolve("part2"));
    }

    @Test
    @Order(3)
    void shouldStartAtATimestamp() {
        assertThat(consumed("s@" + between)).hasSameBinaryContentAs(files.resolve("part2"));
    }

    @Test
    @Order(4)
    void shouldGiveTheSameAfterKillNine() {
        node.process().kill();
        node.process().start();
        assertThat(consumed("beginning")).hasSameBinaryContentAs(files.resolve("all"));
        assertThat(consumed(Integer.toString(FIRST_PART))).hasSameBinaryContentAs(files.resolve("part2"));
        assertThat(consumed("s@" + between)).hasSameBinaryContentAs(files.resolve("part2"));
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        var end = JavaClients.get(node.admin().listOffsets(java.util.Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition));
        assertThat(end.offset()).isEqualTo(LINES);
    }

    private static Path consumed(String offset) {
        Path out = files.resolve("consumed");
        ForeignClient.run(null, out, "kcat", "-b", node.bootstrap(), "-t", TOPIC, "-p", "0", "-C", "-e", "-q", "-o",
                offset);
        return out;
    }

    private static void kcat(String input, String... arguments) {
        List<String> command = new java.util.ArrayList<>(
                List.of("kcat", "-b", node.bootstrap(), "-t", TOPIC, "-p", "0"));
        command.addAll(List.of(arguments));
        command.add(files.resolve(input).toString());
        ForeignClient.run(null, files.resolve("produced"), command);
    }

    /** Text of many lengths and several scripts, each line different. */
    private static List<String> lines() {
        String[] words = {"sluice", "water", "Schleuse", "écluse", "шлюз", "水門", "\t", "\"", "=", ",", "🌊", "0",
                "log"};
        Random random = new Random(1);
        return random.ints(LINES, 0, 40).mapToObj(count -> {
            StringBuilder line = new StringBuilder().append(random.nextLong());
            for (int i = 0; i < count; i++) {
                line.append(' ').append(words[random.nextInt(words.length)]);
            }
            return line.toString();
        }).toList();
    }

    private static void write(String name, List<String> lines) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(files.resolve(name))) {
            for (String line : lines) {
                writer.write(line);
                writer.write('\n');
            }
        }
    }
}
