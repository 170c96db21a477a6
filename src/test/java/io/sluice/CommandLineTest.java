package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code bin/sluice} against a node: what they print, and how they end. */
class CommandLineTest {
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 16;
    private static final int REFUSED = 17;
    private static final int NOT_FOUND = 19;
    private static final int DAMAGED = 22;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    @TempDir
    Path files;

    private SluiceCommand sluice;

    @BeforeEach
    void aimAtTheNode() {
        sluice = new SluiceCommand(node.bootstrap(), files);
    }

    @Test
    void shouldManageTopicsAndSettings() {
        assertThat(sluice.run("topics", "create", "made", "--partitions", "2", "--config", "retention.ms=60000").ok())
                .isEqualTo("created made: 2 partition(s), 1 replica(s)\n");
        assertThat(sluice.run("topics", "create", "made").failure(REFUSED)).contains("exists");
        sluice.run("topics", "alter", "made", "--partitions", "3").ok();
        assertThat(sluice.run("topics", "describe", "made", "--output", "json").ok()).contains("\"partition\" : 2",
                "\"endOffset\" : 0");

        sluice.run("configs", "set", "--topic", "made", "max.message.bytes=2000").ok();
        sluice.run("configs", "unset", "--topic", "made", "retention.ms").ok();
        assertThat(sluice.run("configs", "show", "--topic", "made").ok()).contains("max.message.bytes  2000")
                .doesNotContain("retention.ms");

        sluice.run("topics", "delete", "made").ok();
        assertThat(sluice.run("topics", "list").ok()).startsWith("topic").doesNotContain("made");
        assertThat(sluice.run("topics", "describe", "made").failure(NOT_FOUND)).contains("topics list");
    }

    @Test
    void shouldEndWithOneLineThatNamesTheCure() {
        assertThat(sluice.run("topics", "lst").failure(USAGE)).contains("did you mean list?");
        assertThat(sluice.run("topics", "list", "--bootstrap", "127.0.0.1:1", "--timeout", "1").failure(UNREACHABLE))
                .contains("127.0.0.1:1");
        assertThat(sluice.run("cluster", "remove", Integer.toString(node.process().id())).failure(REFUSED))
                .contains("is up; stop it first");
    }

    @Test
    void shouldResetAGroup() throws Exception {
        String topic = node.createTopic(2);
        commit("resettable", topic);

        assertThat(sluice.run("groups", "reset", "resettable", "--to-earliest").ok()).contains("--execute");
        assertThat(sluice.run("groups", "describe", "resettable").ok()).contains(topic + "          0          5");
        sluice.run("groups", "reset", "resettable", "--to-earliest", "--topic", topic + ":0", "--execute").ok();
        assertThat(sluice.run("groups", "describe", "resettable", "--output", "json").ok())
                .contains("\"committed\" : 0", "\"committed\" : 5");
        sluice.run("groups", "delete-offsets", "resettable", "--topic", topic + ":1").ok();
        assertThat(sluice.run("groups", "list").ok()).containsPattern("resettable +Empty +Classic +-\\n");
        sluice.run("groups", "delete", "resettable").ok();
        sluice.run("groups", "delete", "resettable").failure(NOT_FOUND);
    }

    @Test
    void shouldSendLinesAndReadTheirExactBytes() {
        String topic = node.createTopic(1);
        String lines = "a:1\nb:\u00fe\u0001\nno key";
        SluiceCommand.Result sent = sluice.runWith(lines, "produce", topic, "--key-separator", ":", "--header", "h=x",
                "--compression", "lz4");
        assertThat(sent.ok()).isEmpty();
        assertThat(sent.err()).contains("produced 3 record(s)");

        assertThat(sluice.run("consume", topic, "--from", "1").ok()).isEqualTo("\u00fe\u0001\nno key\n");
        assertThat(sluice.run("consume", topic, "--max", "1", "--format", "%p@%o %k=%s %h;").ok())
                .isEqualTo("0@0 a=1 h=x;");
        assertThat(sluice.run("consume", topic, "--group", "readers", "--max", "2").ok()).hasLineCount(2);
        assertThat(sluice.run("consume", topic, "--group", "readers", "--format", "json").ok())
                .contains("\"offset\":2").hasLineCount(1);
        assertThat(sluice.run("consume", "missing").failure(NOT_FOUND)).contains("missing");
    }

    @Test
    void shouldEndQuietlyWhenNobodyReads() {
        String topic = node.createTopic(1);
        sluice.runWith("line\n".repeat(100_000), "produce", topic).ok();
        SluiceCommand.Result left = sluice.runReadingOnly(5, "consume", topic);
        assertThat(left.ok()).isEqualTo("line\n");
        assertThat(left.err()).isEmpty();
    }

    @Test
    void shouldEndQuietlyWhenStopped() throws Exception {
        String topic = node.createTopic(1);
        sluice.runWith("line\n", "produce", topic).ok();
        SluiceCommand.Result stopped = sluice.stoppedAfter("line\n", "consume", topic, "--follow");
        assertThat(stopped.ok()).isEqualTo("line\n");
        assertThat(stopped.err()).isEmpty();
    }

    @Test
    void shouldLookAtTheFilesOfARunningNode() throws Exception {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "the files are Sluice's own");
        String topic = node.createTopic(1);
        sluice.runWith("one\ntwo\n", "produce", topic).ok();
        Path copy = files.resolve("copy.log");
        try (Stream<Path> all = Files.walk(node.process().data())) {
            Files.copy(all.filter(file -> file.toString().contains(topic) && file.toString().endsWith(".log"))
                    .findFirst().orElseThrow(), copy);
        }
        assertThat(sluice.run("log", "verify", node.process().data().toString()).ok()).contains("no damage");
        assertThat(sluice.run("log", "dump", copy.toString(), "--output", "json").ok())
                .contains("\"baseOffset\":0", "\"lastOffset\":1");

        byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length - 1] ^= 1;
        Files.write(copy, bytes);
        SluiceCommand.Result damaged = sluice.run("log", "verify", copy.toString());
        assertThat(damaged.status()).isEqualTo(DAMAGED);
        assertThat(damaged.out()).contains("damaged log: file", "copy.log, position ", "the checksum is wrong");
    }

    @Test
    void shouldMeasure() {
        String topic = node.createTopic(2);
        assertThat(sluice.run("bench", "produce", topic, "--records", "2000", "--output", "json").ok())
                .contains("\"records\" : 2000", "\"p99Ms\"");
        assertThat(sluice.run("bench", "consume", topic).ok()).contains("   2000  200000");
    }

    @Test
    void shouldShowProgressOnATerminalOnly() {
        String topic = node.createTopic(1);
        String[] bench = {"bench", "produce", topic, "--records", "1500", "--rate", "1000"};
        assertThat(sluice.run(bench).err()).isEmpty();
        assertThat(sluice.onTerminal(bench).ok()).contains("/1500 records", "s left", "\r\033[Krecords");
    }

    @Test
    void shouldCompleteInBash() {
        String script = """
                source <("$0" completion)
                compopt() { :; } # works only when a key was pressed
                try() {
                  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
                  "$(complete -p sluice | sed 's/.* -F \\([^ ]*\\) .*/\\1/')" sluice "${@: -1}" "${@: -2:1}"
                  echo "$* -> ${COMPREPLY[*]}"
                }
                try sluice to
                try sluice groups re
                try sluice topics create --rep
                try sluice topics list --output ''
                """;
        assertThat(sluice.inBash(script).ok().lines()).containsExactly("sluice to -> topics",
                "sluice groups re -> reset", "sluice topics create --rep -> --replication-factor",
                "sluice topics list --output  -> table json");
    }

    private static void commit(String group, String topic) throws Exception {
        OffsetAndMetadata five = new OffsetAndMetadata(5);
        node.admin().alterConsumerGroupOffsets(group,
                Map.of(new TopicPartition(topic, 0), five, new TopicPartition(topic, 1), five)).all().get();
    }
}
