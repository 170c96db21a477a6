package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.MatrixRecord.Header;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Five clients write the same records, with every codec, and each of the five reads what each of them wrote. A client works through all its
 * topics in one run: the runs are the set-up, made when the first cell of the matrix asks for them, and the cells compare.
 */
class ClientMatrixTest {

    private static final Map<String, MatrixClient> CLIENTS = new TreeMap<>(
            Map.of("java", new JavaMatrixClient(), "kcat",
                    new KcatMatrixClient(), "kafka-python",
                    new ScriptMatrixClient(ForeignClient.KAFKA_PYTHON, "/usr/bin/python3", "kafka_python.py"),
                    "confluent-python",
                    new ScriptMatrixClient(ForeignClient.CONFLUENT_PYTHON, "/usr/bin/python3", "confluent_python.py"),
                    "kafkajs",
                    new ScriptMatrixClient(ForeignClient.KAFKAJS, "node", "kafkajs.js")));
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    /** The largest records only twice: without a codec, and with one that keeps blocks. */
    private static final List<String> LARGE_CODECS = List.of("none", "lz4");
    private static final int[] SIZES = {1, 2, 100, 10_000, 64 * 1024, 1_000_000, 1 << 20, 5 << 20};
    private static final long SET_BY_CLIENT = -1;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    @TempDir
    static Path directory;

    private static final Map<String, FutureTask<Void>> PRODUCED = new LinkedHashMap<>();
    private static final Map<String, FutureTask<Map<String, List<MatrixRecord>>>> CONSUMED = new LinkedHashMap<>();
    private static List<MatrixRecord> small;
    private static List<MatrixRecord> large;
    private static long began;

    @BeforeAll
    static void createTopics() {
        LargeValues values = new LargeValues(directory);
        small = smallRecords();
        large = IntStream.of(SIZES)
                .mapToObj(size -> MatrixRecord.of(("size " + size).getBytes(UTF_8), values.create(size), List.of(),
                        1_700_000_000_000L))
                .toList();
        // the records' timestamps are old: no retention
        began = System.currentTimeMillis();
        CLIENTS.forEach((name, client) -> {
            CODECS.forEach(codec -> JavaClients.createTopic(node.admin(), smallTopic(name, codec), 1, "retention.ms",
                    "-1"));
            LARGE_CODECS.forEach(
                    codec -> JavaClients.createTopic(node.admin(), largeTopic(name, codec), 1, "retention.ms", "-1",
                            "max.message.bytes", Integer.toString(6 << 20)));
            PRODUCED.put(name, task(() -> {
                produce(client, name, values);
                return null;
            }));
            CONSUMED.put(name, task(() -> client.consume(node.bootstrap(), allTopics())));
        });
    }

    private static <T> FutureTask<T> task(Callable<T> callable) {
        return new FutureTask<>(callable);
    }

    private static void produce(MatrixClient client, String name, LargeValues values) {
        Map<String, String> smallTopics = new LinkedHashMap<>();
        CODECS.forEach(codec -> smallTopics.put(smallTopic(name, codec), codec));
        client.produce(node.bootstrap(), small.stream().filter(client::canProduce).toList(), values, smallTopics);
        Map<String, String> largeTopics = new LinkedHashMap<>();
        LARGE_CODECS.forEach(codec -> largeTopics.put(largeTopic(name, codec), codec));
        client.produce(node.bootstrap(), large, values, largeTopics);
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource
    void shouldReadWhatAnotherClientWrote(String producer, String consumer, String codec) throws Exception {
        List<MatrixRecord> expected = small.stream().filter(CLIENTS.get(producer)::canProduce).toList();
        compare(producer, consumer, smallTopic(producer, codec), expected);
    }

    static Stream<Arguments> shouldReadWhatAnotherClientWrote() {
        return cells(CODECS);
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource
    void shouldReadFromOneByteToFiveMebibytes(String producer, String consumer, String codec) throws Exception {
        compare(producer, consumer, largeTopic(producer, codec), large);
    }

    static Stream<Arguments> shouldReadFromOneByteToFiveMebibytes() {
        return cells(LARGE_CODECS);
    }

    private static Stream<Arguments> cells(List<String> codecs) {
        return CLIENTS.keySet().stream().flatMap(producer -> CLIENTS.keySet().stream()
                .flatMap(consumer -> codecs.stream().map(codec -> Arguments.of(producer, consumer, codec))));
    }

    private static void compare(String producer, String consumer, String topic, List<MatrixRecord> written)
            throws Exception {
        CLIENTS.get(producer).require();
        CLIENTS.get(consumer).require();
        runAllProducers();
        PRODUCED.get(producer).get();
        FutureTask<Map<String, List<MatrixRecord>>> consumed = CONSUMED.get(consumer);
        consumed.run();
        List<MatrixRecord> read = consumed.get().getOrDefault(topic, List.of());
        boolean timestamps = CLIENTS.get(producer).setsTimestamps();
        if (!timestamps) {
            assertThat(read).extracting(MatrixRecord::timestamp)
                    .allSatisfy(timestamp -> assertThat(timestamp).isBetween(began - 1, System.currentTimeMillis()));
            read = read.stream().map(record -> record.withTimestamp(SET_BY_CLIENT)).toList();
        }
        List<MatrixRecord> expected = written.stream().map(CLIENTS.get(producer)::written)
                .map(CLIENTS.get(consumer)::told)
                .map(record -> timestamps ? record : record.withTimestamp(SET_BY_CLIENT)).toList();
        assertThat(read).containsExactlyElementsOf(expected);
    }

    /** A consumer's one run must see what all the producers wrote. A task that ran already does nothing; a missing client fails only its own. */
    private static void runAllProducers() {
        PRODUCED.values().forEach(FutureTask::run);
    }

    private static List<String> allTopics() {
        List<String> topics = new ArrayList<>();
        CLIENTS.keySet().forEach(name -> {
            CODECS.forEach(codec -> topics.add(smallTopic(name, codec)));
            LARGE_CODECS.forEach(codec -> topics.add(largeTopic(name, codec)));
        });
        return topics;
    }

    private static String smallTopic(String producer, String codec) {
        return producer + "." + codec;
    }

    private static String largeTopic(String producer, String codec) {
        return producer + ".large." + codec;
    }

    private static List<MatrixRecord> smallRecords() {
        byte[] allBytes = new byte[256];
        IntStream.range(0, 256).forEach(i -> allBytes[i] = (byte) i);
        byte[] key = "key".getBytes(UTF_8);
        byte[] value = "value".getBytes(UTF_8);
        byte[] none = {};
        long time = 1_700_000_000_000L;
        List<MatrixRecord> records = new ArrayList<>(List.of(MatrixRecord.of(key, value, List.of(), time),
                MatrixRecord.of(key, value, List.of(), time + 1), MatrixRecord.of(key, none, List.of(), time + 2),
                MatrixRecord.of(none, value, List.of(), time + 3), MatrixRecord.of(none, none, List.of(), time + 4),
                MatrixRecord.of("ключ".getBytes(UTF_8), "значение 🌊\nnext line".getBytes(UTF_8), List.of(), time + 5),
                MatrixRecord.of(key, "squeeze me ".repeat(400).getBytes(UTF_8), List.of(), time + 6),
                MatrixRecord.of(null, value, List.of(), time + 7), MatrixRecord.of(key, null, List.of(), time + 8),
                MatrixRecord.of(null, null, List.of(), time + 9),
                MatrixRecord.of(allBytes, allBytes, List.of(), time + 10)));
        records.add(MatrixRecord.of(key, value, List.of(Header.of("one", value)), time + 11));
        records.add(MatrixRecord.of(key, value,
                List.of(Header.of("b", key), Header.of("a", value), Header.of("b", value)), time + 12));
        records.add(MatrixRecord.of(key, value, List.of(Header.of("empty", none)), time + 13));
        records.add(MatrixRecord.of(key, value, List.of(Header.of("null", null)), time + 14));
        records.add(MatrixRecord.of(key, null, List.of(Header.of("of a tombstone", value)), time + 15));
        records.add(MatrixRecord.of(key, value, List.of(Header.of("binary", new byte[]{(byte) 0xff, 3, (byte) 0xfe})),
                time + 16));
        // timestamps: long ago, not in order, the first moment that every client takes for one
        records.add(MatrixRecord.of(key, value, List.of(), 1_000_000_000_000L));
        records.add(MatrixRecord.of(key, value, List.of(), 1));
        records.add(MatrixRecord.of(key, value, List.of(), time + 17));
        return records;
    }
}
