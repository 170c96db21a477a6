package io.sluice.persistence.log;

import java.io.IOException;

/** A step of a replica; answered when the round that it was part of is stored. */
final class ReplicaStep<T> extends LogTask<T> {
    private final ReplicaLog.Step<T> step;
    private T result;

    ReplicaStep(ReplicaLog.Step<T> step) {
        this.step = step;
    }

    @Override
    boolean joinsRound() {
        return true;
    }

    @Override
    void run(LogWriter writer) throws IOException {
        result = step.run(writer.replica());
        writer.answerWhenStored(this);
    }

    @Override
    void stored() {
        complete(result);
    }
}
