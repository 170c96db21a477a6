package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.Replicas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** As {@link Simulation}, of a log that says itself which replicas it has: begun by one node, grown and shrunk one replica at a time. */
final class SelfHostedSimulation extends Simulation {
    private final ReplicaId founder;
    /** How many replicas the log is grown to before it is shrunk more often. */
    private final int size;

    SelfHostedSimulation(long seed, Faults rules) {
        super(seed, rules);
        founder = nodes.getFirst().id();
        size = 2 + random.nextInt(nodes.size() - 1);
        later(1, this::keepChanging);
    }

    /** Perhaps not before the log has several replicas. */
    @Override
    void configured() {
        // whoever leaves the cluster keeps what it has
    }

    @Override
    long firstMischief() {
        return 1L + random.nextInt(1500);
    }

    private void keepChanging() {
        if (faulty()) {
            later(1 + random.nextInt(60), this::keepChanging);
            change();
        }
    }

    @Override
    SimLeader newLeader(SimNode node, int highestEpoch) {
        Set<ReplicaId> known = new HashSet<>();
        for (SimNode each : nodes) {
            if (!faulty() || random.nextInt(3) > 0) {
                known.add(each.id());
            }
        }
        return new SelfHostedLeader(this, node, new Replicas.SelfHosted(known, node.id().equals(founder)),
                highestEpoch);
    }

    private Stream<SelfHostedLeader> leaders() {
        return nodes.stream().flatMap(node -> node.leaders().stream()).map(SelfHostedLeader.class::cast);
    }

    @Override
    void change() {
        leaders().toList().forEach(leader -> {
            List<ReplicaId> now = leader.changeable();
            if (now == null) {
                return;
            }
            List<ReplicaId> next = changed(now, leader);
            if (rules.changesTwoAtATime()) {
                next = changed(next, leader);
            }
            if (!next.isEmpty() && existing(next).size() * 2 > next.size()) {
                trace("{} changes {} to {}", leader, now, next);
                leader.change(next);
            }
        });
    }

    /** One comes or goes: a lost one before others. */
    private List<ReplicaId> changed(List<ReplicaId> now, SelfHostedLeader leader) {
        List<ReplicaId> next = new ArrayList<>(now);
        ReplicaId other = nodes.get(random.nextInt(nodes.size())).id();
        List<ReplicaId> lost = now.stream().filter(id -> !exists(id)).toList();
        if (!lost.isEmpty() && random.nextInt(4) > 0) {
            next.remove(lost.getFirst());
        } else if (now.contains(other)) {
            if (now.size() >= size || random.nextInt(16) == 0) {
                next.remove(other);
            }
        } else {
            // safety must not depend on it that the one that comes is caught up
            leader.learn(other);
            if (random.nextInt(4) == 0 || leader.isCaughtUp(other)) {
                next.add(random.nextInt(next.size() + 1), other);
            }
        }
        return next;
    }

    /** Changes one at a time go wrong, if at all, when two halves of the nodes make different ones. */
    @Override
    void isolate(SimNode node) {
        split();
    }

    /** A minority of each set that may be in force. */
    @Override
    void loseDisk(SimNode node) {
        ReplicaId id = node.id();
        boolean begun = nodes.stream().anyMatch(each -> !each.store().configuration().entries().isEmpty());
        if (begun && nodes.stream().allMatch(each -> mayLose(id, each.store().configuration()))) {
            node.loseDisk();
        }
    }

    private boolean mayLose(ReplicaId id, ConfigurationHistory history) {
        for (ConfigurationEntry entry : history.from(checker.committedEnd()).entries()) {
            long left = entry.replicas().stream().map(ReplicaId::new).filter(m -> exists(m) && !m.equals(id)).count();
            if (entry.replicas().contains(id.diskId()) && left * 2 <= entry.replicas().size()) {
                return false;
            }
        }
        return true;
    }

    @Override
    SimNode nextLeader() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    @Override
    boolean canRest() {
        return true;
    }

    @Override
    boolean isAtRest() {
        return leaders().count() == 1 && leaders().allMatch(leader -> leader.isAtRest(acknowledgedEnd()));
    }
}
