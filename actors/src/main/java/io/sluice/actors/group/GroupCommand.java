package io.sluice.actors.group;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** What a coordinator's actor is told. Stays inside the process. */
sealed interface GroupCommand {

    /** A request, as the decision it takes. Compared by identity: no two are the same. */
    final class Request<T> {
        private final Decision<T> decision;
        private final CompletableFuture<T> to = new CompletableFuture<>();
        private final Function<Errors, T> failed;
        private final long deadlineNanos;

        /** @param deadlineNanos when it must be answered, as {@link System#nanoTime} */
        Request(Decision<T> decision, Function<Errors, T> failed, long deadlineNanos) {
            this.decision = decision;
            this.failed = failed;
            this.deadlineNanos = deadlineNanos;
        }

        /** The answer. */
        CompletableFuture<T> to() {
            return to;
        }

        boolean isLate(long nanos) {
            return nanos - deadlineNanos >= 0;
        }

        void decide(GroupRegistry registry, long now, Effects effects) {
            decision.decide(registry, to, now, effects);
        }

        /** Answers with an error if nobody answered yet. */
        void fail(Errors error) {
            to.complete(failed.apply(error));
        }
    }

    /** What a coordinator is told without further words. */
    enum Tick implements GroupCommand {
        /** Requests wait in {@link Outstanding}. */
        WAKE,
        /** The pause before they are taken is over. */
        TAKE,
        /** A deadline of some group has come. */
        DEADLINE,
        /** See which offsets are too old. */
        EXPIRE_OFFSETS
    }

    /** One method of {@link GroupRegistry}. */
    @FunctionalInterface
    interface Decision<T> {
        void decide(GroupRegistry registry, CompletableFuture<T> to, long now, Effects effects);
    }
}
