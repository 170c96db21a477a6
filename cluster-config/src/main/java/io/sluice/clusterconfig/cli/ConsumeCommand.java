package io.sluice.clusterconfig.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice consume}: writes the records of a topic. */
@Command(name = "consume", description = "Writes the records of a topic to standard output, the value's bytes and a line break for each.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class ConsumeCommand implements Callable<Integer> {
    private static final int OUTPUT_BUFFER = 64 * 1024;

    @Mixin
    private Connection connection;

    @Parameters(paramLabel = "TOPIC", description = "What to read.")
    private String topic;

    @Option(names = "--from", paramLabel = "WHERE", defaultValue = "beginning", description = "beginning, latest, an offset, or a time (2026-01-31T12:00:00, or @MILLISECONDS); default ${DEFAULT-VALUE}. In a group: where to begin without a committed offset.")
    private String from;

    @Option(names = "--partition", paramLabel = "N", split = ",", description = "Only this partition; repeat for more.")
    private List<Integer> partitions = List.of();

    @Option(names = "--group", paramLabel = "GROUP", description = "Be a member of this group and commit what was written.")
    private String group;

    @Option(names = "--max", paramLabel = "N", defaultValue = "9223372036854775807", description = "Stop after N records.")
    private long max;

    @Option(names = "--follow", description = "Go on at the end and wait for more; default: stop where the topic ended at the start.")
    private boolean follow;

    @Option(names = "--format", paramLabel = "FORMAT", description = "json, or a template: %%t topic, %%p partition, %%o offset, %%T timestamp, %%k key, %%s value, %%h headers, \\n, \\t. A template writes no line break by itself.")
    private String format;

    @Override
    public Integer call() {
        StartAt start = StartAt.parse(from, ZoneId.systemDefault());
        RecordFormat writing = RecordFormat.of(format);
        if (group != null && (!partitions.isEmpty() || start.kind() == StartAt.Kind.OFFSET
                || start.kind() == StartAt.Kind.TIME)) {
            throw new CommandException(ExitCode.USAGE,
                    "--group decides on partitions and offsets; leave --partition and --from away, or see sluice groups reset");
        }
        // not System.out, which would hide that nobody reads any more
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER);
        try (Consumer<byte[], byte[]> consumer = connection.create(() -> new KafkaConsumer<>(properties(start),
                new ByteArrayDeserializer(), new ByteArrayDeserializer()))) {
            Reading reading = new Reading(consumer, writing, out, max, follow, connection.timeout());
            Interruption.possible(reading::stop, () -> {
                begin(consumer, reading, start);
                reading.run();
            });
        } catch (IOException e) {
            return unwritten(e);
        } catch (WakeupException e) {
            return ExitCode.STOPPED.number(); // asked to stop before it began
        } catch (KafkaException e) {
            throw connection.failure(e);
        }
        return ExitCode.STOPPED.number();
    }

    private void begin(Consumer<byte[], byte[]> consumer, Reading reading, StartAt start) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, connection.timeout());
        if (known == null || known.isEmpty()) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no topic " + topic + "; see sluice topics list");
        }
        if (group != null) {
            reading.subscribe(topic);
            return;
        }
        Set<Integer> numbers = new TreeSet<>();
        known.forEach(partition -> numbers.add(partition.partition()));
        if (!numbers.containsAll(partitions)) {
            throw new CommandException(ExitCode.NOT_FOUND, "topic " + topic + " has the partitions 0 to "
                    + (numbers.size() - 1) + ", not all of " + partitions);
        }
        reading.assign((partitions.isEmpty() ? numbers : new TreeSet<>(partitions)).stream()
                .map(number -> new TopicPartition(topic, number)).toList(), start);
    }

    private Map<String, Object> properties(StartAt start) {
        Map<String, Object> properties = connection.properties();
        properties.put("default.api.timeout.ms", (int) connection.deliveryTimeout().toMillis());
        properties.put("request.timeout.ms", connection.requestTimeoutMs());
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("auto.offset.reset", start.kind() == StartAt.Kind.LATEST ? "latest" : "earliest");
        if (group != null) {
            properties.put("group.id", group);
        } else {
            properties.remove("group.id");
        }
        return properties;
    }

    /** A reader that has enough is no failure. */
    private static Integer unwritten(IOException e) {
        if (Failures.mentions(e, "Broken pipe")) {
            return ExitCode.STOPPED.number();
        }
        throw new CommandException(ExitCode.FAILED, "cannot write the output: " + Failures.reason(e), e);
    }
}
