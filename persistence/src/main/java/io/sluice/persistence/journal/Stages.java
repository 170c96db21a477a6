package io.sluice.persistence.journal;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.dispatch.Futures;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** Stages as Pekko's plugins return them. */
final class Stages {
    private Stages() {
    }

    /** A future of a stage's result; a failure is its cause. {@code result} must not throw. */
    static <T, R> Future<R> future(CompletionStage<T> stage, Function<T, R> result) {
        Promise<R> promise = Futures.promise();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                promise.success(result.apply(value));
            } else {
                promise.failure(failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure);
            }
        });
        return promise.future();
    }
}
