package io.sluice.persistence.replicated;

import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps the configuration of one log for all nodes, as the cluster's controller does. */
final class TestController {
    private ReplicaSet inForce;
    private List<ReplicaId> goal;
    private boolean answers = true;
    private int asked;

    TestController(ReplicaId... members) {
        inForce = new ReplicaSet(0, List.of(members));
        goal = inForce.members();
    }

    synchronized ReplicaSet inForce() {
        return inForce;
    }

    synchronized void goal(ReplicaId... members) {
        goal = List.of(members);
    }

    /** Whether it can be reached. */
    synchronized void answers(boolean does) {
        answers = does;
    }

    /** How often a change was asked for. */
    synchronized int asked() {
        return asked;
    }

    private synchronized CompletionStage<ReplicaSet> compareAndSet(ReplicaSet next) {
        asked++;
        if (!answers) {
            return CompletableFuture.failedFuture(new IllegalStateException("the controller cannot be reached"));
        }
        if (next.version() == inForce.version() + 1) {
            inForce = next;
        }
        return CompletableFuture.completedFuture(inForce);
    }

    private synchronized Optional<Replicas> replicas(ReplicaId self) {
        boolean alone = inForce.version() == 0 && inForce.members().equals(List.of(self))
                && inForce.hasMembers(goal);
        return alone ? Optional.empty() : Optional.of(new Replicas.Versioned(inForce));
    }

    private synchronized boolean mayKeep(ReplicaId self) {
        return inForce.members().contains(self) || goal.contains(self);
    }

    /** What a node knows of it: always the latest. */
    ReplicaSets asKnownBy(ReplicaId self) {
        return new ReplicaSets() {
            @Override
            public Optional<Replicas> of(String log) {
                return replicas(self);
            }

            @Override
            public boolean isKnown(String log) {
                return mayKeep(self);
            }

            @Override
            public CompletionStage<ReplicaSet> compareAndSet(String log, ReplicaSet next) {
                return TestController.this.compareAndSet(next);
            }
        };
    }
}
