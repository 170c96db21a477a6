package io.sluice.streams.node;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The applications of a node. Each begins on a thread of its own, so that one that hangs holds up neither the node nor the others, and what one throws is
 * logged in a line.
 */
public final class StreamApplications implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamApplications.class);

    private final ApplicationSettings settings;
    private final NodeStreams node;
    private final ApplicationLoader loader;

    // guarded by this
    private final List<RunningStream> streams = new ArrayList<>();
    private final List<StreamApplication> applications = new ArrayList<>();
    private boolean closed;

    private StreamApplications(ApplicationSettings settings, NodeStreams node, ApplicationLoader loader) {
        this.settings = settings;
        this.node = node;
        this.loader = loader;
    }

    /** Begins to start them; returns at once. */
    public static StreamApplications start(ApplicationSettings settings, NodeStreams node) {
        ApplicationLoader loader = null;
        try {
            loader = ApplicationLoader.of(settings);
        } catch (IOException e) {
            LOG.error("no stream application runs: cannot read sluice.streams.directory: {}", e.toString());
        }
        StreamApplications all = new StreamApplications(settings, node, loader);
        if (loader != null) {
            settings.applications().forEach(all::begin);
        }
        return all;
    }

    private void begin(String className) {
        Thread thread = Thread.ofPlatform().name("sluice-streams-" + className).daemon().unstarted(() -> {
            try {
                run(className);
            } catch (Exception | LinkageError e) {
                Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
                LOG.error("stream application {} did not start: {}", className, cause.toString());
                LOG.debug("stream application {} did not start", className, cause);
            }
        });
        thread.setContextClassLoader(loader.classes());
        thread.start();
    }

    private void run(String className) throws Exception {
        StreamApplication application = loader.make(className);
        synchronized (this) {
            applications.add(application);
        }
        List<RunningStream> made = new ArrayList<>();
        for (var graph : application.streams(node)) {
            made.add(new RunningStream("stream " + (made.size() + 1) + " of " + className, graph, node.system(),
                    new Restarts(settings)));
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            streams.addAll(made);
            made.forEach(RunningStream::start);
        }
        LOG.info("stream application {} runs", className);
    }

    /** Drains all streams, for at most the drain timeout, then closes the applications; blocks until done. */
    @Override
    public void close() throws IOException {
        List<CompletableFuture<?>> drains = new ArrayList<>();
        List<StreamApplication> made;
        synchronized (this) {
            closed = true;
            streams.forEach(stream -> drains.add(stream.drain().toCompletableFuture()));
            made = List.copyOf(applications);
        }
        await(CompletableFuture.allOf(drains.toArray(CompletableFuture[]::new)));
        made.forEach(StreamApplications::close);
        if (loader != null) {
            loader.close();
        }
    }

    private void await(CompletableFuture<?> drained) {
        try {
            drained.get(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "streams did not drain within sluice.streams.drain-timeout ({} ms) and are cut off: what they did not commit comes again",
                    settings.drainTimeout().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a drain never fails", e);
        }
    }

    private static void close(StreamApplication application) {
        try {
            application.close();
        } catch (Exception | LinkageError e) {
            LOG.warn("stream application {} did not close: {}", application.getClass().getName(), e.toString());
        }
    }
}
