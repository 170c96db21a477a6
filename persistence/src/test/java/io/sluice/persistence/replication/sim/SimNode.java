package io.sluice.persistence.replication.sim;

import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A node: a disk that may be slow, tear writes or get lost, and leaders that may outlive their time. */
final class SimNode {
    private final Simulation world;
    private final int index;
    private final List<SimLeader> leaders = new ArrayList<>();
    private ReplicaId id;
    private Replica replica;
    private MemoryStore store;
    private ReplicaSet known;
    private boolean up = true;
    /** Grows with every crash, so that what was planned before it does not happen. */
    private int life;
    private int diskDelay = 5;
    private int highestEpoch = -1;

    SimNode(Simulation world, int index) {
        this.world = world;
        this.index = index;
        newDisk(world.newDisk(this));
    }

    private void newDisk(ReplicaId identity) {
        id = identity;
        replica = new Replica(id);
        store = new MemoryStore(world.checker, id.toString());
    }

    int index() {
        return index;
    }

    ReplicaId id() {
        return id;
    }

    MemoryStore store() {
        return store;
    }

    /** Happens later, unless the node crashes before. */
    void later(long delay, Runnable action) {
        int bound = life;
        world.later(delay, () -> {
            if (up && bound == life) {
                action.run();
            }
        });
    }

    /** Happens when the disk has everything that was changed up to now, as the flush mode demands. */
    void flushed(Runnable action) {
        if (world.leavesFlushingToOs()) {
            later(world.random.nextInt(diskDelay), action);
            return;
        }
        long version = store.version();
        MemoryStore disk = store;
        later(world.random.nextInt(diskDelay), () -> {
            disk.flushed(version);
            action.run();
        });
    }

    // ---- messages

    void onRequest(SimNode from, ReplicaRequest request) {
        if (!up) {
            return;
        }
        if (request instanceof ReplicaRequest.Read read) {
            onRead(from, read);
            return;
        }
        try {
            ReplicaReply reply = world.rules.handle(replica, request, store);
            world.trace("{} -> {} {}: {}", from.index, index, request, reply);
            if (reply instanceof ReplicaReply.Promise own && from == this) {
                leaders.forEach(leader -> leader.promised(own));
            }
            if (reply != null) {
                if (world.rules.answersUnflushed()) {
                    world.reply(this, from, reply);
                } else {
                    flushed(() -> world.reply(this, from, reply));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onRead(SimNode from, ReplicaRequest.Read read) {
        if (!read.header().target().equals(id)) {
            return;
        }
        ReplicaRequest.Header h = read.header();
        ReplicaReply.Entries entries = new ReplicaReply.Entries(
                new ReplicaReply.Header(h.log(), h.epoch(), h.claimant(), id), read.from(), null,
                Entry.encode(store.read(read.from(), Long.MAX_VALUE, read.maxBytes())));
        later(world.random.nextInt(diskDelay), () -> world.reply(this, from, replica.confirm(entries, store)));
    }

    void onReply(ReplicaReply reply) {
        if (up) {
            List.copyOf(leaders).forEach(leader -> leader.onReply(reply));
        }
    }

    // ---- leaders

    void lead() {
        if (up && leaders.size() < 3) {
            leaders.add(world.newLeader(this, highestEpoch));
            leaders.getLast().start();
        }
    }

    void stopped(SimLeader leader, int epoch) {
        highestEpoch = Math.max(highestEpoch, epoch);
        leaders.remove(leader);
    }

    void learn(ReplicaSet configuration) {
        if (known == null || configuration.version() > known.version()) {
            known = configuration;
        }
    }

    ReplicaSet known() {
        return known;
    }

    boolean leads() {
        return !leaders.isEmpty();
    }

    List<SimLeader> leaders() {
        return leaders;
    }

    void append() {
        List.copyOf(leaders).forEach(SimLeader::append);
    }

    void reconfigure(List<ReplicaId> members) {
        List.copyOf(leaders).forEach(leader -> leader.reconfigure(members));
    }

    /** Deletes the oldest entries, as retention does, if a leader is here. */
    void deleteSome() {
        if (!leaders.isEmpty()) {
            leaders.getFirst().deleteSome();
        }
    }

    boolean isAtRest(ReplicaSet configuration, long acknowledgedEnd) {
        return leaders.stream().anyMatch(leader -> leader.isAtRest(configuration, acknowledgedEnd));
    }

    // ---- faults

    void slow(int millis) {
        diskDelay = millis;
    }

    void crash() {
        if (up) {
            world.trace("crash {}", id);
            up = false;
            life++;
            leaders.clear();
            highestEpoch = -1;
            world.crashed(store);
        }
    }

    /** The machine goes down, whether the process is up or not. */
    void losePower() {
        crash();
        world.trace("{} loses power", id);
        store.losePower(world.random, world.newIncarnation());
    }

    /** Whether its copy may lack what it acknowledged. */
    boolean isSuspect() {
        return store.loss() != null;
    }

    void restart() {
        if (!up) {
            world.trace("restart {}", id);
            up = true;
            highestEpoch = store.promisedEpoch();
        }
    }

    /** The disk is gone, and the node comes back with an empty one. */
    void loseDisk() {
        crash();
        newDisk(world.rules.wipedKeepsIdentity() ? id : world.newDisk(this));
        world.trace("new disk {}", id);
        restart();
    }

    /** A replica that was removed may drop what it holds, and come back later. Its node may hear of that late. */
    void retireIfRemoved() {
        ReplicaSet inForce = world.configuration();
        if (!inForce.members().contains(id)) {
            MemoryStore disk = store;
            later(world.random.nextInt(world.random.nextBoolean() ? 1000 : 30), () -> retire(inForce.version(), disk));
        }
    }

    private void retire(int version, MemoryStore disk) {
        if (leaders.isEmpty() && disk == store) {
            try {
                boolean retired = world.rules.retire(replica, version, store);
                world.trace("{} retires under {}: {}", id, version, retired);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String toString() {
        return (up ? "" : "down ") + id + leaders;
    }
}
