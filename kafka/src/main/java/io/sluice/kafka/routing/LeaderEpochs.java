package io.sluice.kafka.routing;

import org.apache.kafka.common.protocol.Errors;

/** Whether client and leader speak of the same leader epoch (KIP-320). */
public final class LeaderEpochs {
    private LeaderEpochs() {
    }

    /**
     * Compares the epoch a client believes in with the leader's.
     *
     * @param claimed the client's, or -1 if it does not say
     */
    public static Errors check(int claimed, int actual) {
        if (claimed < 0 || claimed == actual) {
            return Errors.NONE;
        }
        return claimed < actual ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
