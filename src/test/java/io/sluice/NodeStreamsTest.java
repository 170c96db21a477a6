package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.NodeApplications.Copy;
import io.sluice.NodeApplications.Reader;
import io.sluice.NodeApplications.Slow;
import io.sluice.NodeApplications.Unwilling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications in a real node: those that work, those that do not, and what becomes of them when the node stops. */
class NodeStreamsTest {

    private static final boolean LONG = Boolean.getBoolean("sluice.long");
    private static final int VALUE_BYTES = 4096;
    private static final int TAKEN = 20;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "sluice.streams.directory",
            NodeApplications.jar(WordCount.class, NodeApplications.class, Copy.class, Reader.class, Slow.class,
                    Unwilling.class),
            "sluice.streams.applications",
            "no.such.Application,io.sluice.NodeApplications$Unwilling,io.sluice.WordCount,"
                    + "io.sluice.NodeApplications$Copy,io.sluice.NodeApplications$Reader,"
                    + "io.sluice.NodeApplications$Slow",
            "sluice.streams.settings.word-count.from", "sentences", "sluice.streams.settings.word-count.to", "counts",
            "sluice.streams.settings.slow.every", LONG ? "1s" : "100ms", "sluice.streams.restart.enabled", "on",
            "sluice.streams.restart.min-backoff", "100ms");

    @BeforeAll
    static void expectWhatIsPlanned() {
        node.log().expect("no\\.such\\.Application|Unwilling|Copy failed");
    }

    private static List<String> values(String topic) {
        return JavaClients.readAll(node.bootstrap(), topic, 1).stream()
                .map(record -> new String(record.value(), UTF_8)).toList();
    }

    private static void send(String topic, List<String> values) {
        send(values.size(), i -> new ProducerRecord<>(topic, values.get(i).getBytes(UTF_8)));
    }

    private static void send(int count, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = JavaClients.producer(node.bootstrap(), "linger.ms", "5")) {
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(record.apply(i)));
            }
        }
        assertThat(sent).allMatch(Future::isDone);
    }

    private static void awaitLine(String regex) {
        Pattern line = Pattern.compile(regex);
        await(regex).until(() -> node.log().linesAfter(0).stream().anyMatch(text -> line.matcher(text).find()));
    }

    @Test
    void theExampleCountsWords() {
        send("sentences", List.of("to be or not to be", "that is the question"));
        await().until(() -> values("counts").size() == 10);
        Map<String, String> counts = JavaClients.readAll(node.bootstrap(), "counts", 1).stream()
                .collect(toMap(record -> new String(record.key(), UTF_8), record -> new String(record.value(), UTF_8),
                        (before, after) -> after));
        assertThat(counts).containsEntry("to", "2").containsEntry("be", "2").containsEntry("question", "1")
                .hasSize(8);
    }

    @Test
    void thePageShowsTheExampleAsItIs() throws IOException {
        String page = Files.readString(NodeCommand.ROOT.resolve("docs/streams.md"));
        String code = Files.readString(NodeCommand.ROOT.resolve("src/test/java/io/sluice/WordCount.java"));
        String type = code.substring(code.indexOf("public final class WordCount"));
        assertThat(page.replaceAll("\\s+", "")).contains(type.replaceAll("\\s+", ""));
    }

    @Test
    void whatCannotStartIsALineAndNoMore() {
        awaitLine("ERROR.*stream application no\\.such\\.Application did not start: .*ClassNotFoundException");
        awaitLine("ERROR.*stream application .*Unwilling did not start: .*planned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whatTheNodeLeadsIsReadFromTheLog(String protocol) {
        String topic = node.createTopic(2);
        send(Reader.RECORDS, i -> new ProducerRecord<>(topic, i % 2, null, new byte[1000]));
        send(1, i -> new ProducerRecord<>(Reader.COMMANDS, protocol.getBytes(UTF_8), topic.getBytes(UTF_8)));
        await().until(() -> values(Reader.RESULTS).stream().anyMatch(result -> result.startsWith(topic)));
        assertThat(values(Reader.RESULTS)).as("all records in order, and no byte through the client")
                .contains(topic + " " + Reader.RECORDS + " 0.0");
    }

    /** On 1 GB with one record a second in the long run. What the process has read tells all: from files, page cache included, and from sockets. */
    @Test
    void aSlowStreamHasNoMoreReadThanItsReadAheadAndKeepsItsPlace() throws IOException {
        int records = (LONG ? 1024 : 16) * 1024 * 1024 / VALUE_BYTES;
        send(records, i -> new ProducerRecord<>(Slow.TOPIC, new byte[VALUE_BYTES]));
        await().until(() -> taken() > 0);
        String member = member();
        long readBefore = ofProcess("io", "rchar: ");
        long memoryBefore = ofProcess("status", "VmRSS:");
        long takenBefore = taken();
        await().atMost(Duration.ofSeconds(60)).until(() -> taken() >= takenBefore + TAKEN);
        assertThat(ofProcess("io", "rchar: ") - readBefore).as("bytes read")
                .isLessThan(TAKEN * VALUE_BYTES + 2L * Slow.READ_AHEAD + 512 * 1024);
        assertThat(ofProcess("status", "VmRSS:") - memoryBefore).as("KiB that the process grew by")
                .isLessThan(16 * 1024);
        assertThat(member()).isEqualTo(member);
    }

    private static long taken() {
        return JavaClients.get(node.admin().listConsumerGroupOffsets(Slow.TOPIC).partitionsToOffsetAndMetadata())
                .values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    private static String member() {
        return JavaClients.get(node.admin().describeConsumerGroups(List.of(Slow.TOPIC)).all()).get(Slow.TOPIC).members()
                .stream().map(MemberDescription::consumerId).reduce((one, other) -> "more than one").orElse("none");
    }

    /** A figure that Linux tells of the node's process. */
    private static long ofProcess(String file, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(node.process().pid()), file)).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }

    @Test
    void aStreamThatFailsStartsAgainAndAStreamThatStopsDrains() {
        List<String> sent = new ArrayList<>(IntStream.range(0, 20).mapToObj(String::valueOf).toList());
        send(Copy.FROM, sent);
        await().until(() -> values(Copy.TO).size() == 20);
        send(Copy.FROM, List.of(Copy.POISON));
        awaitLine("ERROR.*stream 1 of .*Copy failed: .*planned.*starts again in 100 ms");
        await().until(() -> values(Copy.TO).contains(Copy.POISON));

        List<String> more = IntStream.range(100, 200).mapToObj(String::valueOf).toList();
        send(Copy.FROM, more);
        await().until(() -> values(Copy.TO).contains("110"));
        int before = values(Copy.TO).size();
        node.process().stop(); // while it copies
        node.process().start();
        await().until(() -> values(Copy.TO).contains("199"));
        List<String> copied = values(Copy.TO);
        assertThat(copied.subList(copied.indexOf("100"), copied.size())).as("each once: what was begun was committed")
                .isEqualTo(more);
        assertThat(before).as("not all was copied before").isLessThan(copied.size());
        await().until(() -> JavaClients.get(node.admin().listConsumerGroupOffsets(Copy.GROUP)
                .partitionsToOffsetAndMetadata()).values().stream().mapToLong(OffsetAndMetadata::offset).sum() == 121);
    }
}
