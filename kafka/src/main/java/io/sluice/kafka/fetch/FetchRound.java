package io.sluice.kafka.fetch;

import io.sluice.kafka.fetch.FetchPass.Seen;
import io.sluice.persistence.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One Fetch request on its way to an answer: passes over its partitions until there is enough, time is up, or something cannot wait; between
 * passes it waits for the logs to change. Runs on the connection's event loop; cancelling its future ends it there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing to do when a future of ours or of the event loop ends badly
final class FetchRound {
    /** A log that calls its waiters at once, because it is closed, is looked at again after this time. */
    private static final long CLOSED_LOG_PAUSE_MS = 10;

    private final ScheduledExecutorService eventLoop;
    private final int bytesMin;
    private final long waitMs;
    private final Function<Runnable, FetchPass> passes;
    private final Function<FetchPass, ApiMessage> answers;
    private final CompletableFuture<ApiMessage> response = new CompletableFuture<>();

    private FetchPass pass;
    private FetchWait wait;
    private ScheduledFuture<?> timer;
    private boolean timeIsUp;

    /**
     * @param bytesMin records to wait for
     * @param waitMs how long to wait
     * @param passes makes a pass over the partitions as they are then, which runs the given when done
     * @param answers turns a pass into the response
     */
    FetchRound(ScheduledExecutorService eventLoop, int bytesMin, long waitMs, Function<Runnable, FetchPass> passes,
            Function<FetchPass, ApiMessage> answers) {
        this.eventLoop = eventLoop;
        this.bytesMin = bytesMin;
        this.waitMs = waitMs;
        this.passes = passes;
        this.answers = answers;
    }

    CompletableFuture<ApiMessage> start() {
        timeIsUp = waitMs <= 0;
        look();
        if (!response.isDone()) {
            response.whenComplete((answer, cancelled) -> end());
        }
        return response;
    }

    private void look() {
        pass = passes.apply(this::looked);
        pass.run();
    }

    private void looked() {
        if (response.isDone()) {
            pass.release();
            pass = null;
        } else if (timeIsUp || pass.urgent() || pass.bytes() >= bytesMin) {
            FetchPass last = pass;
            pass = null;
            answer(last);
        } else {
            Seen[] seen = pass.seen();
            pass.release();
            pass = null;
            await(seen);
        }
    }

    private void answer(FetchPass last) {
        try {
            response.complete(answers.apply(last));
        } catch (RuntimeException e) {
            last.release();
            response.completeExceptionally(e);
        }
    }

    private void await(Seen[] seen) {
        if (timer == null) {
            timer = eventLoop.schedule(this::timeIsUp, waitMs, TimeUnit.MILLISECONDS);
        }
        List<Log> logs = new ArrayList<>(seen.length);
        for (Seen one : seen) {
            logs.add(one.partition().log());
        }
        boolean[] registering = {true};
        Thread self = Thread.currentThread();
        wait = new FetchWait(logs, () -> {
            if (registering[0] && Thread.currentThread() == self) {
                eventLoop.schedule(this::woken, CLOSED_LOG_PAUSE_MS, TimeUnit.MILLISECONDS);
            } else {
                eventLoop.execute(this::woken);
            }
        });
        registering[0] = false;
        // what changed before the registration woke nobody
        for (Seen one : seen) {
            if (one.changed() && !wait.isOver()) {
                eventLoop.execute(this::woken);
                return;
            }
        }
    }

    private void woken() {
        if (wait != null && !response.isDone()) {
            wait.cancel();
            wait = null;
            look();
        }
    }

    private void timeIsUp() {
        timeIsUp = true;
        woken();
    }

    private void end() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }
}
