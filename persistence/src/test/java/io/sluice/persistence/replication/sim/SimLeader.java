package io.sluice.persistence.replication.sim;

import io.sluice.persistence.replication.Leader;
import io.sluice.persistence.replication.LeaderAccess;
import io.sluice.persistence.replication.LeaderOutput;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The shell of one leader: does what it says, as late as disks and network allow. */
class SimLeader implements LeaderOutput {
    private static final long TICK = 10;

    final Simulation world;
    final SimNode node;
    final MemoryStore store;
    final Leader leader;
    boolean stopped;
    private final UUID incarnation;
    /** What this leader holds to be the log, from its recovery on. */
    private final List<Entry> log = new ArrayList<>();
    private long logStart;
    /** Everything before is deleted elsewhere. */
    private long startsAt;

    SimLeader(Simulation world, SimNode node, Replicas replicas, int highestEpoch) {
        this.world = world;
        this.node = node;
        this.store = node.store();
        this.incarnation = world.newIncarnation();
        this.leader = new Leader(Simulation.LOG, node.id(), replicas,
                Math.max(highestEpoch, store.promisedEpoch()),
                incarnation, world.settings, this);
    }

    void start() {
        world.trace("{} claims epoch {} under {}", node.id(), leader.epoch(), leader.replicas());
        leader.start(world.now());
        node.later(TICK, this::tick);
    }

    private void tick() {
        if (!stopped && leader.isActive() && !holdsPromise() && !world.rules.appendsUnchecked()) {
            leader.fenced(store.promisedEpoch());
        }
        if (!stopped) {
            leader.logStart(store.logStartOffset(), store.begin(), world.now());
            leader.tick(world.now());
            node.later(TICK, this::tick);
        }
    }

    void onReply(ReplicaReply reply) {
        if (!stopped) {
            leader.onReply(reply, world.now());
        }
    }

    /** The own replica just promised again: when it is synced by then, that is the log this leader adopts. */
    void promised(ReplicaReply.Promise own) {
        if (own.header().claimant().equals(incarnation) && own.synced() == leader.epoch() && !leader.isActive()) {
            log.clear();
            log.addAll(store.entries());
            logStart = store.logStartOffset();
        }
    }

    boolean holdsPromise() {
        return store.promisedEpoch() == leader.epoch() && incarnation.equals(store.promisedTo());
    }

    boolean isActive() {
        return !stopped && leader.isActive() && holdsPromise();
    }

    int epoch() {
        return leader.epoch();
    }

    // ---- what a client and an operator want

    void append() {
        if (stopped || !leader.isActive() || store.entries().size() > 60) {
            return;
        }
        append(1 + world.random.nextInt(2), List.of());
    }

    /** An entry, which may say which replicas the log has. */
    void append(int count, List<String> replicas) {
        if (!holdsPromise() && !world.rules.appendsUnchecked()) {
            leader.fenced(store.promisedEpoch());
            return;
        }
        Entry entry = store.appendOwn(leader.epoch(), count, world.newValue(), replicas);
        log.add(entry);
        world.trace("{} appends {}", node.id(), entry);
        node.flushed(() -> {
            if (!stopped) {
                leader.ownStored(entry.end(), world.now());
            }
        });
    }

    void deleteSome() {
        if (isActive() && leader.highWatermark() > store.logStartOffset()) {
            store.raiseLogStart((store.logStartOffset() + leader.highWatermark() + 1) / 2);
        }
    }

    void reconfigure(List<ReplicaId> members) {
        if (!stopped && !members.equals(leader.replicas().members())) {
            if (world.rules.bringsBackInTerm()) {
                LeaderAccess.forgetWhoLeft(leader);
            }
            leader.reconfigure(members, world.now());
        }
    }

    boolean isAtRest(ReplicaSet configuration, long acknowledgedEnd) {
        return isActive() && leader.replicas().members().equals(configuration.members())
                && leader.highWatermark() == store.logEndOffset()
                && leader.highWatermark() >= acknowledgedEnd
                && leader.inSync(world.now()).containsAll(world.existing(configuration.members()));
    }

    // ---- what the leader wants

    @Override
    public void send(ReplicaRequest request) {
        world.request(node, request);
    }

    @Override
    public void sendEntries(ReplicaRequest.Append head, int maxBytes) {
        if (world.random.nextInt(4) == 0) {
            node.later(world.random.nextInt(10), () -> readAndSend(head, maxBytes));
        } else {
            readAndSend(head, maxBytes);
        }
    }

    private void readAndSend(ReplicaRequest.Append head, int maxBytes) {
        if (stopped) {
            return;
        }
        if (!holdsPromise()) {
            leader.fenced(store.promisedEpoch());
            return;
        }
        List<Entry> entries = store.read(head.from(), Long.MAX_VALUE, maxBytes);
        if (!entries.isEmpty() && entries.getFirst().base() == head.from()) {
            world.request(node, new ReplicaRequest.Append(head.header(), head.from(), head.previousEpoch(),
                    head.recoveredEnd(), head.highWatermark(), head.logStart(), null, Entry.encode(entries)));
            leader.sent(head.header().target(), head.from(), entries.getLast().end(), entries.size() * 61, world.now());
        }
    }

    @Override
    public void active(long recoveredEnd, long deletedTo) {
        startsAt = deletedTo;
        world.trace("{} is active in {} from {}", node.id(), leader.epoch(), recoveredEnd);
        world.checker.activated(leader.epoch(), incarnation, log, logStart, recoveredEnd);
    }

    @Override
    public void highWatermark(long offset) {
        world.trace("{} commits up to {} in {}", node.id(), offset, leader.epoch());
        Map<Integer, List<Entry>> higher = new HashMap<>();
        for (SimNode other : world.nodes) {
            for (SimLeader that : other.leaders()) {
                if (that.leader.isActive() && that.epoch() > leader.epoch()) {
                    higher.put(that.epoch(), that.log);
                }
            }
        }
        world.checker.committed(leader.epoch(), incarnation, log, logStart, offset, higher);
        world.acknowledged(offset);
        if (holdsPromise()) {
            store.raiseHighWatermark(offset);
            store.raiseLogStart(startsAt);
        }
    }

    @Override
    public void compareAndSet(ReplicaSet next) {
        world.compareAndSet(node, next, inForce -> {
            if (node.leaders().contains(this)) { // not after a crash
                leader.configuration(inForce, world.now());
            }
        });
        if (world.rules.trustsUnconfirmed()) {
            node.later(0, () -> leader.configuration(next, world.now()));
        }
    }

    @Override
    public void configured(ReplicaSet current) {
        world.trace("{}: configured {}", node.id(), current);
        node.learn(current);
        world.configured();
    }

    @Override
    public void stopped(StopReason reason, int highestEpoch) {
        world.trace("{} stopped: {}", node.id(), reason);
        stopped = true;
        ReplicaSet counted = leader.replicas();
        node.stopped(this, highestEpoch);
        if (reason == StopReason.SEALED) {
            world.compareAndSet(node, new ReplicaSet(counted.version() + 1, counted.members()), inForce -> {
                node.learn(inForce);
                node.lead();
            });
        } else if (reason == StopReason.CONFIGURATION_CHANGED) {
            world.readConfiguration(node, node::learn);
        }
    }

    @Override
    public String toString() {
        return leader.epoch() + (leader.isActive() ? "!" : "?") + leader.highWatermark() + "/" + store.logEndOffset()
                + " "
                + leader.replicas() + " in sync " + leader.inSync(world.now());
    }
}
