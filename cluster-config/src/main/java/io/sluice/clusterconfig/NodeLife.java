package io.sluice.clusterconfig;

import com.typesafe.config.ConfigException;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.Failures;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node from its start to its stop. Used once. */
final class NodeLife {
    private final NodeSettings settings;
    private final StartTrace trace;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StartLimit limit;
    private final Node node;
    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();

    NodeLife(NodeSettings settings, StartTrace trace, PrintWriter out, PrintWriter err) {
        this.settings = settings;
        this.trace = trace;
        this.out = out;
        this.err = err;
        limit = new StartLimit(settings.startTimeout());
        node = new Node(settings, trace, limit, () -> end.complete(ExitCode.REMOVED));
    }

    /** Starts, waits for the end, stops; returns how it ended. A failure is told in one line. */
    ExitCode run() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread.ofPlatform().name("sluice-start").daemon().start(() -> start(started));
        return stop(await(started));
    }

    /** Ends the node as asked. Safe for any thread. */
    void end() {
        end.complete(ExitCode.STOPPED);
    }

    /** The settings, with the addresses that the node got. */
    NodeSettings settingsInUse() {
        ServingNode serving = node.serving();
        return serving == null ? settings : settings.on(serving.kafka(), serving.cluster());
    }

    private void start(CompletableFuture<Void> started) {
        try {
            node.start();
            started.complete(null);
            if (!end.isDone()) {
                out.println("ready: " + node.serving().describe());
            }
        } catch (Throwable e) { // whatever it is, it ends the process with a line that says so
            end.completeExceptionally(e);
        }
    }

    private ExitCode await(CompletableFuture<Void> started) {
        try {
            limit.await(CompletableFuture.anyOf(started, end));
        } catch (TimeoutException e) {
            end.completeExceptionally(new StartException(ExitCode.START_TIMEOUT, "the node did not start within "
                    + settings.startTimeout().toSeconds() + " s (reached: " + trace + "); see sluice.start-timeout"));
        } catch (InterruptedException | ExecutionException e) {
            // told below
        }
        try {
            return end.join();
        } catch (CompletionException e) {
            Throwable failure = Failures.unwrapped(e);
            StartException told = told(failure);
            if (told.code() != ExitCode.REMOVED) {
                err.println("sluice: " + told.getMessage());
            }
            if (settings.isDebug()) {
                told.printStackTrace(err);
            }
            return told.code();
        }
    }

    private static StartException told(Throwable failure) {
        return switch (failure) {
            case StartException start -> start;
            // settings of partitions, the controller and replication are read by those, when they start
            case ConfigException.BadValue wrong -> wrongSetting(wrong);
            case ConfigException.WrongType wrong -> wrongSetting(wrong);
            default -> new StartException(ExitCode.FAILED, "unexpected failure: " + failure, failure);
        };
    }

    private static StartException wrongSetting(ConfigException wrong) {
        return new StartException(ExitCode.SETTING, SettingsLoader.oneLine(wrong), wrong);
    }

    private ExitCode stop(ExitCode how) {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop,
                task -> Thread.ofPlatform().name("sluice-stop").daemon().start(task));
        try {
            stopped.get(settings.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return how;
        } catch (TimeoutException e) {
            err.println("sluice: the stop took longer than sluice.stop-timeout (" + settings.stopTimeout().toSeconds()
                    + " s) and was cut short");
        } catch (InterruptedException | ExecutionException e) {
            err.println("sluice: the stop failed: " + Failures.reason(e));
        }
        return how == ExitCode.STOPPED || how == ExitCode.REMOVED ? ExitCode.FORCED : how;
    }
}
