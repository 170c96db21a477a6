package io.sluice.persistence.replicated;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.net.NetSettings;
import io.sluice.persistence.replication.net.PeerListener;
import io.sluice.persistence.replication.net.Peers;
import io.sluice.persistence.replication.net.ReplicaNetwork;
import io.sluice.persistence.replication.net.ReplicaServer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicates this node's logs: leads those that are claimed here, and keeps copies for leaders elsewhere. Made in two steps, because other nodes must be
 * told the listener's address before this one knows who they are.
 */
public final class Replication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private final ReplicaId self;
    private final ReplicaNetwork network;
    private final ReplicaServer server;
    private final Peers peers;
    private final OwnReplicas ownReplicas;
    private final Terms terms;
    private final OwnSnapshots ownSnapshots;
    private final ReplicatedSnapshots snapshots;
    private final OtherCopies otherCopies;
    private final LogStore store;
    private final ScheduledExecutorService ticker;

    @SuppressWarnings("FutureReturnValueIgnored") // ticks end with the ticker
    private Replication(Node node, NetSettings net, LeaderSettings leading, long catchUpBytesPerSecond) {
        self = node.self();
        network = ReplicaNetwork.start(net, self, node.clusterId(), node.lost());
        ownSnapshots = new OwnSnapshots(node.store(), self);
        ownReplicas = new OwnReplicas(node.store(), self, node.sets(), ownSnapshots);
        peers = new Peers(network, node.addresses(), new Listener());
        CatchUpBudget catchUp = new CatchUpBudget(catchUpBytesPerSecond, leading.heartbeat(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        terms = new Terms(self, leading, new Led.Shared(new ToReplicas(), node.sets(), catchUp));
        snapshots = new ReplicatedSnapshots(self, node.sets(), terms, leading, net.bounds().frame(), peers::send,
                ownSnapshots::newest);
        otherCopies = new OtherCopies(self, node.sets(), leading, peers::send);
        node.store().mendFrom(otherCopies);
        store = new ReplicatedLogStore(node.store(), node.sets(), terms, snapshots, this::close);
        server = ReplicaServer.start(network, ownReplicas);
        ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sluice-replication-ticks").factory());
        long every = Math.max(1, leading.heartbeat() / 2);
        ticker.scheduleWithFixedDelay(this::tick, every, every, TimeUnit.MILLISECONDS);
    }

    /**
     * What is special about a node.
     *
     * @param store its logs on disk; closed with {@link #store}
     * @param self its disk's identity
     * @param sets who knows the logs' replicas
     * @param addresses where the node with a disk listens for this, empty if that is not known
     * @param clusterId the cluster's id, empty until it is known
     * @param lost told on event loops when a connection with another node ends; see {@link ReplicaNetwork#start}
     */
    public record Node(LogStore store, ReplicaId self, ReplicaSets sets,
            Function<ReplicaId, Optional<InetSocketAddress>> addresses, Supplier<String> clusterId,
            Consumer<ReplicaId> lost) {}

    /**
     * Starts to listen and to serve.
     *
     * @param catchUpBytesPerSecond what may be sent to replicas that have to be brought up, in all
     * @throws io.sluice.persistence.net.BindException if the address cannot be bound
     */
    public static Replication start(Node node, NetSettings net, LeaderSettings leading, long catchUpBytesPerSecond) {
        return new Replication(node, net, leading, catchUpBytesPerSecond);
    }

    /** The logs of this node, replicated ones among them. Closing it closes all of this. */
    public LogStore store() {
        return store;
    }

    /** Where other nodes reach this one. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The replicas that hold everything of a log that is led here; empty if it is not. */
    public List<ReplicaId> inSync(String log) {
        Led led = terms.of(log);
        return led == null ? List.of() : led.inSync();
    }

    /** The logs that this node leads. */
    public Set<String> ledLogs() {
        return terms.all().stream().filter(Led::isActive).map(Led::logId).collect(Collectors.toUnmodifiableSet());
    }

    /** What a log that is led here counts by; empty if it is not. */
    public Optional<ReplicaSet> configuration(String log) {
        return active(log).map(Led::configuration);
    }

    /**
     * Begins to make {@code members} the replicas of a log that is led here: they are brought up, and when enough of them have everything, the
     * configuration is changed by {@link ReplicaSets#compareAndSet}. Nothing waits for that: {@link #configuration} tells. May be called again and again;
     * while the same is under way it changes nothing. The replicas in force, in any order, end a change for good if it is not past the point where the old
     * ones are sealed. A replica that left in this term cannot come back in it: then the term ends, and the log's owner here must be started again.
     *
     * @param members each once, at least one
     * @return false if the log is not led here, or not any more, or a change to others is under way that cannot be taken back
     */
    public boolean reconfigure(String log, List<ReplicaId> members) {
        Optional<Led> led = active(log);
        if (led.isEmpty() || !led.get().reconfigure(members)) {
            return false;
        }
        snapshots.bring(led.get());
        return true;
    }

    /**
     * How many offsets before the end of a log that is led here a replica is, one that counts or one that is brought up to; empty if it is none, or the
     * log is not led here.
     */
    public OptionalLong remaining(String log, ReplicaId member) {
        Led led = terms.of(log);
        return led == null ? OptionalLong.empty() : led.remaining(member);
    }

    /**
     * Drops this node's copy of a log, and its snapshots, because configuration {@code version} is in force and does not name this node. A note of what the
     * copy promised stays until the log is deleted, so that it may become a replica again.
     *
     * @return what came of it; fails if the disk does
     */
    public CompletionStage<Retirement> retire(String log, int version) {
        return terms.of(log) != null
                ? CompletableFuture.completedFuture(Retirement.LED)
                : ownReplicas.retire(log, version)
                        .thenApply(retired -> retired ? Retirement.DONE : Retirement.WANTED);
    }

    private Optional<Led> active(String log) {
        return Optional.ofNullable(terms.of(log)).filter(Led::isActive);
    }

    /**
     * Brings a replica to the end of a log that holds its configuration itself, and keeps it there for as long as the log is led here: it may be added
     * next. Does nothing if the log is not led here.
     */
    public void learn(String log, ReplicaId learner) {
        Led led = terms.of(log);
        if (led != null) {
            led.learn(learner);
        }
    }

    /** Whether a replica, a learner or another, has kept up with a log that is led here; false if the log is not. */
    public boolean isCaughtUp(String log, ReplicaId id) {
        Led led = terms.of(log);
        return led != null && led.isCaughtUp(id);
    }

    /**
     * Whether a {@link io.sluice.persistence.ReplicasChange} to these replicas may be persisted now in a log that is led here and holds its configuration
     * itself: the last change is committed, one replica comes or goes, and the one that comes is caught up. An append that breaks one of the first two
     * fails.
     */
    public boolean mayChangeTo(String log, List<ReplicaId> members) {
        Led led = terms.of(log);
        return led != null && led.mayChangeTo(members);
    }

    private void tick() {
        for (Led led : terms.all()) {
            try {
                led.tick();
            } catch (RuntimeException e) {
                LOG.error("log {}: a tick of its leader failed", led.logId(), e);
            }
        }
        try {
            snapshots.tick();
        } catch (RuntimeException e) {
            LOG.error("a tick of what is asked about snapshots failed", e);
        }
        otherCopies.tick();
    }

    /** Stops listening, leading and answering. */
    @Override
    public void close() {
        ticker.shutdownNow();
        terms.all().forEach(Led::resign);
        server.close();
        peers.close();
        network.close();
        snapshots.close();
        otherCopies.close();
        ownSnapshots.close();
    }

    private final class ToReplicas implements Messenger {
        @Override
        public void send(ReplicaRequest request, Consumer<ReplicaReply> toOwn) {
            if (request.header().target().equals(self)) {
                ownReplicas.handle(request, toOwn);
            } else {
                peers.send(request);
            }
        }

        @Override
        public void send(ReplicaRequest.Append request, LogSlice batches) {
            peers.send(request, batches);
        }
    }

    private final class Listener implements PeerListener {
        @Override
        public void connected(ReplicaId peer) {
            LOG.debug("replica {} can be reached", peer);
            snapshots.connected(peer);
            otherCopies.connected(peer);
        }

        @Override
        public void disconnected(ReplicaId peer, String why) {
            LOG.debug("replica {} cannot be reached: {}", peer, why);
            snapshots.disconnected(peer);
            otherCopies.disconnected(peer);
        }

        @Override
        public void received(ReplicaReply reply, Runnable release) {
            if (reply instanceof ReplicaReply.OfSnapshots aboutSnapshots) {
                snapshots.received(aboutSnapshots);
            } else if (reply instanceof ReplicaReply.Entries entries
                    && reply.header().epoch() == ReplicaRequest.NO_EPOCH) {
                otherCopies.received(entries);
            } else {
                Led led = terms.of(reply.header().log());
                if (led != null) {
                    led.received(reply instanceof ReplicaReply.Entries entries ? copied(entries) : reply);
                }
            }
            release.run();
        }

        /** Only a recovery asks for these, and it keeps them until they are on its own disk. */
        private static ReplicaReply copied(ReplicaReply.Entries entries) {
            ByteBuffer kept = ByteBuffer.allocateDirect(entries.batches().remaining());
            kept.put(entries.batches().duplicate()).flip();
            return new ReplicaReply.Entries(entries.header(), entries.from(), entries.kind(), kept);
        }
    }
}
