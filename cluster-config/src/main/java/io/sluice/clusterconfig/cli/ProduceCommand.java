package io.sluice.clusterconfig.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice produce}: each line of the input is a record. */
@Command(name = "produce", description = "Sends each line of the input as a record, and tells count and rate on standard error.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class ProduceCommand implements Callable<Integer> {
    private static final int LONGEST = 16 * 1024 * 1024;
    private static final int RECORD_OVERHEAD = 1024 * 1024;

    @Mixin
    private Connection connection;

    @Mixin
    private ProducerOptions producerOptions;

    @Parameters(paramLabel = "TOPIC", description = "Where the records go.")
    private String topic;

    @Option(names = "--file", paramLabel = "FILE", description = "Read this file; default standard input.")
    private Path file;

    @Option(names = "--key-separator", paramLabel = "TEXT", description = "What precedes it in a line is the key, such as : or \\t; a line without it has no key.")
    private String keySeparator;

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "A header of each record; repeat for more.")
    private List<String> headers = List.of();

    @Option(names = "--partition", paramLabel = "N", description = "Send to this partition; default as the key says.")
    private Integer partition;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (partition != null && partition < 0) {
            throw new CommandException(ExitCode.USAGE, "--partition " + partition + ": partitions count from 0");
        }
        if (partition != null) { // a producer would make the topic, or wait in vain for a partition that is none
            requirePartition(topic, partition, describeTopic().partitions().size());
        }
        LineFormat format = new LineFormat(topic, partition, keySeparator == null ? null : Escapes.read(keySeparator),
                Assignments.parse("--header", headers));
        Thread sender = Thread.currentThread();
        try (InputStream in = open();
                KafkaProducer<byte[], byte[]> producer = connection.create(() -> new KafkaProducer<>(properties(),
                        new ByteArraySerializer(), new ByteArraySerializer()))) {
            Sending sending = new Sending(producer);
            long begin = System.nanoTime();
            Exception failure;
            try (Progress progress = Progress.of(spec.commandLine().getErr(), "bytes",
                    file == null ? 0 : Files.size(file))) {
                Interruption.possible(sender::interrupt,
                        () -> sendAll(new LineReader(in, LONGEST), format, sending, progress));
                failure = sending.finish();
            }
            spec.commandLine().getErr().println("sluice: produced "
                    + new Rate(sending.acknowledged(), sending.bytes(), Duration.ofNanos(System.nanoTime() - begin)));
            if (failure != null) {
                producer.close(Duration.ZERO); // what is left would only fail one after the other
                throw explained(failure);
            }
            return ExitCode.STOPPED.number();
        }
    }

    private static void sendAll(LineReader lines, LineFormat format, Sending sending, Progress progress)
            throws IOException {
        try {
            long read = 0;
            byte[] line = lines.next();
            while (line != null && sending.send(format.record(line))) {
                read += line.length + 1;
                progress.at(read);
                line = lines.next();
            }
        } catch (ClosedByInterruptException | InterruptException e) {
            Thread.interrupted(); // asked to stop: what was read is still sent
        }
    }

    private InputStream open() {
        if (file == null) {
            // a channel, because it can be interrupted while it waits for input
            return Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel());
        }
        try {
            return Channels.newInputStream(Files.newByteChannel(file));
        } catch (IOException e) {
            throw new CommandException(Files.exists(file) ? ExitCode.USAGE : ExitCode.NOT_FOUND,
                    "--file " + file + ": " + Failures.reason(e), e);
        }
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = connection.properties();
        producerOptions.addTo(properties, connection);
        properties.put("max.request.size", LONGEST + RECORD_OVERHEAD); // the cluster says what is too large
        return properties;
    }

    /** A producer cannot tell a topic that is not there from a cluster that does not answer. */
    private CommandException explained(Exception failure) throws InterruptedException {
        if (failure instanceof TimeoutException) {
            describeTopic();
        }
        return connection.failure(failure);
    }

    /** @throws CommandException NOT_FOUND if there is no such topic, which is not made then */
    private TopicDescription describeTopic() throws InterruptedException {
        return connection.ask(admin -> TopicAnswers.all(admin.describeTopics(List.of(topic)).topicNameValues()))
                .getFirst();
    }

    /**
     * Checks that a topic has a partition.
     *
     * @param count how many it has
     * @throws CommandException NOT_FOUND if it has not
     */
    static void requirePartition(String topic, int partition, int count) {
        if (partition >= count) {
            throw new CommandException(ExitCode.NOT_FOUND, "topic " + topic + " has no partition " + partition
                    + "; it has " + count + " partition(s), counted from 0");
        }
    }
}
