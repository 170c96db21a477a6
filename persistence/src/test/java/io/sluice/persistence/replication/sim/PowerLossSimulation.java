package io.sluice.persistence.replication.sim;

import io.sluice.persistence.replication.ReplicaId;
import java.util.List;

/**
 * As {@link Simulation}, with flush = os: processes die without a loss, but machines lose power and with it any part of what was not flushed. As long as
 * fewer than a majority of the replicas did so and are not restored yet, nothing committed is lost. Now and then all of them do at once; then the log goes
 * on with the best that is left, and what is committed from there on is safe again.
 */
final class PowerLossSimulation extends Simulation {
    private final int mostSuspects;

    PowerLossSimulation(long seed, Faults rules) {
        super(seed, rules);
        mostSuspects = (configuration().members().size() - 1) / 2;
        later(1, this::keepLosingPower);
    }

    @Override
    boolean leavesFlushingToOs() {
        return true;
    }

    @Override
    void crashed(MemoryStore disk) {
        disk.kill();
    }

    private void keepLosingPower() {
        if (!faulty()) {
            return;
        }
        later(1 + random.nextInt(200), this::keepLosingPower);
        if (!configuration().members().stream().allMatch(this::exists)) {
            return; // a lost disk never answers again, so with suspects besides too few would be left
        }
        if (random.nextInt(40) == 0) {
            nodes.forEach(this::losePower);
            outage();
            return;
        }
        SimNode node = nodes.get(random.nextInt(nodes.size()));
        long others = nodes.stream().filter(each -> each != node && each.isSuspect()).count();
        if (others < mostSuspects) {
            losePower(node);
        }
    }

    private void losePower(SimNode node) {
        node.losePower();
        if (random.nextInt(4) > 0) {
            later(random.nextInt(60), node::restart);
        }
    }

    /** Whether a majority is whole or all are there. A disk may be lost just before it becomes a member. */
    @Override
    boolean canRest() {
        List<ReplicaId> existing = existing(configuration().members());
        long whole = existing.stream().filter(id -> !node(id).isSuspect()).count();
        return whole >= configuration().majority() || existing.size() == configuration().members().size();
    }

    @Override
    void loseDisk(SimNode node) {
        if (nodes.stream().noneMatch(SimNode::isSuspect)) {
            super.loseDisk(node);
        }
    }
}
