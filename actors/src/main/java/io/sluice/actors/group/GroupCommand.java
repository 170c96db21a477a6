package io.sluice.actors.group;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** What a coordinator's actor is asked. Stays inside the process: it carries the future to complete. */
sealed interface GroupCommand {

    /** A request, as the decision it takes. */
    record Request<T>(Decision<T> decision, CompletableFuture<T> to, Function<Errors, T> failed)
            implements
                GroupCommand {

        void decide(GroupRegistry registry, long now, Effects effects) {
            decision.decide(registry, to, now, effects);
        }

        /** Answers with an error if nobody answered yet. */
        void fail(Errors error) {
            to.complete(failed.apply(error));
        }
    }

    /** A deadline of some group has come. */
    enum Tick implements GroupCommand {
        DEADLINE, EXPIRE_OFFSETS
    }

    /** One method of {@link GroupRegistry}. */
    @FunctionalInterface
    interface Decision<T> {
        void decide(GroupRegistry registry, CompletableFuture<T> to, long now, Effects effects);
    }
}
