package io.sluice.persistence.replication;

import java.util.Optional;

/** What to do about a configuration that replicas refuse to be claimed under. */
public final class SealedConfiguration {
    private SealedConfiguration() {
    }

    /**
     * If the configuration in force is still the sealed one, a change was begun and not finished. It is ended by making the same replicas the next
     * version; whoever wins that compare-and-set, claim under the result.
     *
     * @param claimed version of the claim that was refused
     * @param inForce the configuration in force, from a linearizable read after the refusal
     * @return the configuration to set in place of {@code inForce}; empty if that can be claimed under as it is
     */
    public static Optional<ReplicaSet> replacement(int claimed, ReplicaSet inForce) {
        return inForce.version() > claimed
                ? Optional.empty()
                : Optional.of(new ReplicaSet(inForce.version() + 1, inForce.members()));
    }
}
