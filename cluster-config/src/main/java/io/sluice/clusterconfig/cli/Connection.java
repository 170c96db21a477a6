package io.sluice.clusterconfig.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options with which a command and its subcommands reach a cluster: as an ordinary Kafka client, so any broker will do. */
public final class Connection {
    private static final String BOOTSTRAP_KEY = "bootstrap.servers";

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", defaultValue = "${env:SLUICE_BOOTSTRAP:-127.0.0.1:9092}", scope = ScopeType.INHERIT, description = "A node's Kafka address, or several with commas; default $$SLUICE_BOOTSTRAP, or 127.0.0.1:9092.")
    private String bootstrap;

    /** A node that hangs is replaced within three seconds, and should not cost much more. */
    private static final Duration REQUEST_TIMEOUT_MAX = Duration.ofSeconds(5);

    @Option(names = "--command-config", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "Properties of a Kafka client, such as security.protocol; the other options win.")
    private Path file;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", scope = ScopeType.INHERIT, description = "How long to wait for an answer; default ${DEFAULT-VALUE} s. While records go back and forth, three times as long.")
    private int seconds;

    /** What is asked of the cluster. */
    @FunctionalInterface
    public interface Question<T> {

        /**
         * Asks.
         *
         * @throws ExecutionException with what the client says
         */
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    /**
     * Connects, asks, and closes.
     *
     * @throws CommandException in one line: USAGE for an address that is none, UNREACHABLE if nobody answers, REFUSED or NOT_FOUND if the answer is no
     */
    public <T> T ask(Question<T> question) throws InterruptedException {
        int millis = (int) timeout().toMillis();
        Map<String, Object> properties = properties();
        properties.put("default.api.timeout.ms", millis);
        properties.put("request.timeout.ms", millis);
        try (Admin admin = create(() -> Admin.create(properties))) {
            return question.ask(admin);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /**
     * How long the user is willing to wait for an answer.
     *
     * @throws CommandException USAGE if it is no time at all
     */
    Duration timeout() {
        if (seconds < 1) {
            throw new CommandException(ExitCode.USAGE, "--timeout must be positive");
        }
        return Duration.ofSeconds(seconds);
    }

    /**
     * How long a record or a commit may take once the cluster has answered: long enough for another node to take over from one that hangs.
     *
     * @throws CommandException USAGE if it is no time at all
     */
    Duration deliveryTimeout() {
        return timeout().multipliedBy(3);
    }

    /** How long to wait for one node before another is asked; milliseconds. */
    int requestTimeoutMs() {
        return (int) Math.min(timeout().toMillis(), REQUEST_TIMEOUT_MAX.toMillis());
    }

    /**
     * What the user said of the client: the file's properties and the address; a new map.
     *
     * @throws CommandException USAGE or NOT_FOUND for a file that cannot be read
     */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        if (file != null) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandException(Files.exists(file) ? ExitCode.USAGE : ExitCode.NOT_FOUND,
                        "--command-config " + file + ": " + Failures.reason(e), e);
            }
            read.forEach((key, value) -> properties.put((String) key, value));
        }
        properties.put(BOOTSTRAP_KEY, bootstrap);
        return properties;
    }

    /**
     * Makes a client.
     *
     * @throws CommandException USAGE if its properties are wrong
     */
    <C> C create(Supplier<C> client) {
        try {
            return client.get();
        } catch (KafkaException e) {
            String reason = Failures.reason(e.getCause() == null ? e : e.getCause());
            throw new CommandException(ExitCode.USAGE, reason.contains(BOOTSTRAP_KEY)
                    ? "--bootstrap " + bootstrap + ": " + reason + "; write HOST:PORT"
                    : reason + (file == null ? "" : "; correct " + file), e);
        }
    }

    /** What a client's failure means for the command's user. */
    CommandException failure(Throwable failure) {
        return ClientFailure.of(failure, bootstrap, timeout());
    }
}
