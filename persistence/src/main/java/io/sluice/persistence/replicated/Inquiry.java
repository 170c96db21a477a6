package io.sluice.persistence.replicated;

import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A question to several replicas of a log, asked again of those that have not answered until enough have, or it is too late. Who could not be reached is
 * asked once that is possible. Has no clock: times are in
 * milliseconds. Safe for any thread.
 */
final class Inquiry {
    private final String about;
    private final List<ReplicaId> replicas;
    private final int needed;
    private final Function<ReplicaId, ReplicaRequest> question;
    private final Predicate<ReplicaRequest> sender;
    private final CompletableFuture<List<ReplicaReply>> enough = new CompletableFuture<>();

    // guarded by this
    private final Map<ReplicaId, ReplicaReply> answers = new HashMap<>();
    /** Whom the question has not reached: it was not sent, or the connection ended. */
    private final Set<ReplicaId> unasked = new HashSet<>();
    private long askedAt;
    private long startedAt;

    /**
     * @param about what is asked for, to be named if there are too few answers
     * @param needed how many answers are enough
     * @param sender takes a request to be sent, or returns false; must not block
     */
    Inquiry(String about, List<ReplicaId> replicas, int needed, Function<ReplicaId, ReplicaRequest> question,
            Predicate<ReplicaRequest> sender) {
        this.about = about;
        this.replicas = replicas;
        this.needed = needed;
        this.question = question;
        this.sender = sender;
    }

    /** Completes with the first answers that are enough, one of each replica. */
    CompletionStage<List<ReplicaReply>> answers() {
        return enough;
    }

    void start(long now) {
        synchronized (this) {
            startedAt = now;
        }
        if (needed <= 0) {
            enough.complete(List.of());
        } else if (needed > replicas.size()) {
            fail(new UnavailableException(about + ": the log's replicas are not known"));
        } else {
            ask(now);
        }
    }

    /** Takes an answer; of each replica the first counts. */
    void on(ReplicaReply reply) {
        List<ReplicaReply> collected;
        synchronized (this) {
            if (!replicas.contains(reply.header().source())) {
                return;
            }
            answers.putIfAbsent(reply.header().source(), reply);
            if (answers.size() < needed) {
                return;
            }
            collected = List.copyOf(answers.values());
        }
        enough.complete(collected);
    }

    /** Asks again, or gives up. */
    void tick(long now, long requestTimeout, long timeout) {
        boolean again;
        boolean late;
        int answered;
        synchronized (this) {
            late = now - startedAt >= timeout;
            again = now - askedAt >= requestTimeout;
            answered = answers.size();
        }
        if (late) {
            fail(new UnavailableException(about + ": " + answered + " of the log's other replicas have answered in "
                    + timeout + " ms, " + needed + " must"));
        } else if (again && !enough.isDone()) {
            ask(now);
        }
    }

    /** A replica cannot be reached, or not any more. */
    synchronized void disconnected(ReplicaId replica) {
        if (replicas.contains(replica) && !answers.containsKey(replica)) {
            unasked.add(replica);
        }
    }

    /** A replica can be reached. If it could not when it was asked, it is asked now. */
    void connected(ReplicaId replica) {
        boolean again;
        synchronized (this) {
            again = unasked.remove(replica);
        }
        if (again && !enough.isDone()) {
            ask(replica);
        }
    }

    void fail(Exception reason) {
        enough.completeExceptionally(reason);
    }

    private void ask(long now) {
        List<ReplicaId> silent;
        synchronized (this) {
            askedAt = now;
            silent = replicas.stream().filter(replica -> !answers.containsKey(replica)).toList();
        }
        silent.forEach(this::ask);
    }

    private void ask(ReplicaId replica) {
        try {
            if (!sender.test(question.apply(replica))) {
                disconnected(replica);
            }
        } catch (IllegalArgumentException e) { // beyond a limit of the protocol
            fail(e);
        }
    }
}
