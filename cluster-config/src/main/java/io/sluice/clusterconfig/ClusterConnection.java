package io.sluice.clusterconfig;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How {@code sluice cluster} and its subcommands reach a cluster: as an ordinary Kafka client. */
final class ClusterConnection {

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:9092", scope = ScopeType.INHERIT, description = "A node's Kafka address, or several with commas; default ${DEFAULT-VALUE}.")
    private String bootstrap;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", scope = ScopeType.INHERIT, description = "How long to wait for an answer; default ${DEFAULT-VALUE} s.")
    private int seconds;

    /** What is asked of the cluster. */
    interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    /**
     * Connects, asks, and closes.
     *
     * @throws StartException in one line: USAGE for an address that is none, UNREACHABLE if nobody answers, REFUSED if the answer is no
     */
    <T> T ask(Question<T> question) throws InterruptedException {
        // the client would log every attempt and every refusal; they are told here, in one line
        StderrLogging.setLevel("off");
        try (Admin admin = connect()) {
            return question.ask(admin);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private Admin connect() {
        int millis = (int) Duration.ofSeconds(seconds).toMillis();
        try {
            return Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", millis,
                    "request.timeout.ms", millis));
        } catch (KafkaException e) {
            throw new StartException(ExitCode.USAGE, "--bootstrap " + bootstrap + ": "
                    + Failures.reason(e.getCause() == null ? e : e.getCause()) + "; write HOST:PORT", e);
        }
    }

    private StartException failure(ExecutionException e) {
        Throwable cause = Failures.unwrapped(e);
        if (cause instanceof UnsupportedVersionException) {
            return new StartException(ExitCode.REFUSED,
                    "the nodes at " + bootstrap + " cannot do that: " + Failures.reason(e), e);
        }
        if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
            return new StartException(ExitCode.REFUSED, Failures.reason(e), e);
        }
        return new StartException(ExitCode.UNREACHABLE, "no answer from " + bootstrap + " within " + seconds + " s ("
                + Failures.reason(e)
                + "); check that a node runs there and is ready, and give its Kafka address with --bootstrap", e);
    }
}
