package io.sluice;

import static io.sluice.StreamsNode.COMMITTER;
import static io.sluice.StreamsNode.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.Patterns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code docs/streams.md} do what the page says. */
class StreamsExamplesTest {

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0");

    @RegisterExtension
    static final StreamsNode streams = new StreamsNode(node);

    private static StreamsExamples examples(String group) {
        return new StreamsExamples(streams.system(), streams.consumer(group), streams.producer(), COMMITTER);
    }

    private static void awaitCommitted(String group, long offset) {
        await().until(() -> streams.committed(group).values().stream().mapToLong(OffsetAndMetadata::offset)
                .sum() == offset);
    }

    /** The values of a topic with one partition, each after its key. */
    private static List<Map.Entry<String, String>> records(String topic) {
        return JavaClients.readAll(node.bootstrap(), topic, 1).stream()
                .map(record -> Map.entry(new String(record.key(), UTF_8), new String(record.value(), UTF_8))).toList();
    }

    @Test
    void wordCount() {
        String sentences = node.createTopic(1);
        String counts = node.createTopic(1);
        List<String> text = List.of("To be, or not to be", "be quick");
        streams.fill(sentences, 1, 2, text::get);
        var running = examples("words").wordCount(sentences, counts);
        awaitCommitted("words", 2);
        get(running.drainAndShutdown(Runnable::run));
        assertThat(records(counts).stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (older, newer) -> newer)))
                .isEqualTo(Map.of("to", "2", "be", "3", "or", "1", "not", "1", "quick", "1"));
    }

    @Test
    void enrichment() {
        String orders = node.createTopic(1);
        String enriched = node.createTopic(1);
        streams.fill(orders, 1, 50, i -> "order " + i);
        var running = examples("enrich").enrich(orders, enriched,
                key -> CompletableFuture.supplyAsync(() -> "customer " + key));
        awaitCommitted("enrich", 50);
        get(running.drainAndShutdown(Runnable::run));
        assertThat(records(enriched)).hasSize(50).startsWith(Map.entry("customer 0", "order 0"))
                .endsWith(Map.entry("customer 49", "order 49"));
    }

    @Test
    void fanOut() {
        String orders = node.createTopic(1);
        String shipping = node.createTopic(1);
        String billing = node.createTopic(1);
        streams.fill(orders, 1, 50, i -> "order " + i);
        var running = examples("fan").fanOut(orders, shipping, billing);
        awaitCommitted("fan", 50);
        get(running.drainAndShutdown(Runnable::run));
        assertThat(records(shipping)).hasSize(50).isEqualTo(records(billing));
    }

    @Test
    void slowSink() {
        String orders = node.createTopic(1);
        streams.fill(orders, 1, 5000, i -> "order " + i);
        Queue<String> served = new ConcurrentLinkedQueue<>();
        var running = examples("slow").slowSink(orders, order -> Patterns.after(Duration.ofMillis(50),
                streams.system(), () -> {
                    served.add(order);
                    return CompletableFuture.completedStage(Done.getInstance());
                }));
        await().until(() -> served.size() >= 3);
        get(running.drainAndShutdown(Runnable::run));
        awaitCommitted("slow", served.size());
        assertThat(served).hasSizeLessThan(100);
    }

    @Test
    void thePageShowsThemAsTheyAre() throws IOException {
        String page = Files.readString(NodeCommand.ROOT.resolve("docs/streams.md"));
        String code = squeezed(Files.readString(NodeCommand.ROOT
                .resolve("src/test/java/io/sluice/StreamsExamples.java")));
        List<String> blocks = Pattern.compile("```java\n(DrainingControl.*?)```", Pattern.DOTALL).matcher(page)
                .results()
                .map(block -> squeezed(block.group(1))).toList();
        assertThat(blocks).hasSize(4).allSatisfy(block -> assertThat(code).contains(block));
    }

    /** Without what the formatter decides. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
