package io.sluice.clusterconfig;

import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs one node until a signal, a removal from the cluster or a failed start ends it. */
final class Foreground {
    private final StartTrace trace;
    private final PrintWriter out;
    private final PrintWriter err;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();

    Foreground(StartTrace trace, PrintWriter out, PrintWriter err) {
        this.trace = trace;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts, waits, stops.
     *
     * @return how the process shall end
     * @throws StartException if the node cannot start
     */
    ExitCode run(SettingsSources sources) {
        NodeSettings settings = new SettingsLoader().load(sources);
        StderrLogging.setLevel(settings.logLevel());
        trace.reached("settings");
        Node node = new Node(settings, trace, () -> end.complete(ExitCode.REMOVED));
        Signals.onStop(this::signalled);
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread.ofPlatform().name("sluice-start").daemon().start(() -> start(node, started));
        ExitCode how = await(settings, started);
        return stop(node, settings, how);
    }

    private void start(Node node, CompletableFuture<Void> started) {
        try {
            node.start();
            started.complete(null);
            if (!stopping.get()) {
                out.println("ready: " + node.serving().describe());
            }
        } catch (Throwable e) { // whatever it is, it ends the process with a line that says so
            end.completeExceptionally(e);
        }
    }

    private ExitCode await(NodeSettings settings, CompletableFuture<Void> started) {
        try {
            CompletableFuture.anyOf(started, end).get(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
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
            StartException told = failure instanceof StartException start
                    ? start
                    : new StartException(ExitCode.FAILED, "unexpected failure: " + failure, failure);
            err.println("sluice: " + told.getMessage());
            if (settings.isDebug()) {
                told.printStackTrace(err);
            }
            return told.code();
        }
    }

    private void signalled() {
        if (stopping.getAndSet(true)) {
            err.println("sluice: second signal, stopping at once");
            err.flush();
            Runtime.getRuntime().halt(ExitCode.FORCED.number());
        }
        end.complete(ExitCode.STOPPED);
    }

    private ExitCode stop(Node node, NodeSettings settings, ExitCode how) {
        stopping.set(true);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop,
                task -> Thread.ofPlatform().name("sluice-stop")
                        .daemon().start(task));
        try {
            stopped.get(settings.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return how;
        } catch (TimeoutException e) {
            err.println("sluice: the stop took longer than sluice.stop-timeout (" + settings.stopTimeout().toSeconds()
                    + " s) and was cut short");
        } catch (InterruptedException | ExecutionException e) {
            err.println("sluice: the stop failed: " + Failures.reason(e));
        }
        return how == ExitCode.STOPPED ? ExitCode.FORCED : how;
    }
}
