package io.sluice.persistence.replication.sim;

import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.helpers.MessageFormatter;

/**
 * Nodes, a network, disks and a clock in one thread, driven by one random number generator: the same seed is the same run. A time of faults is followed by
 * a time without, in which the log must come to rest with one leader and everything committed.
 */
class Simulation {
    static final String LOG = "log";
    private static final long FAULTS_END = 4_000;
    private static final long END = 60_000;
    private static final int TRACE = 400;

    private record Event(long at, long order, Runnable action) {}

    /** Formatted only when somebody looks. */
    private record Step(long at, Supplier<String> what) {}

    final SplittableRandom random;
    final Faults rules;
    final Checker checker = new Checker();
    final LeaderSettings settings;
    final List<SimNode> nodes = new ArrayList<>();
    private final boolean[][] cut;
    private final double loss;
    private final double duplication;
    private final int maxDelay;
    /** Whether the replicas change all the time. */
    private final boolean restless;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private final ArrayDeque<Step> trace = new ArrayDeque<>();
    private long now;
    private long order;
    private long values;
    private long acknowledgedEnd;
    private int disks;
    /** How often all machines went down at once, and with them what was under way. */
    private int outages;
    private boolean faulty = true;
    private ReplicaSet configuration;

    Simulation(long seed, Faults rules) {
        this.random = new SplittableRandom(seed);
        this.rules = rules;
        int size = random.nextInt(4) == 0 ? 5 : 3;
        int spare = random.nextInt(3);
        int window = 61 * (1 + random.nextInt(6));
        settings = new LeaderSettings(40, 400, 30, 200, window, 61 * (1 + random.nextInt(3)), random.nextInt(3));
        loss = random.nextInt(3) * 0.08;
        duplication = random.nextInt(3) * 0.1;
        maxDelay = 2 + random.nextInt(random.nextBoolean() ? 10 : 60);
        restless = random.nextInt(3) == 0 || rules.restless();
        cut = new boolean[size + spare][size + spare];
        List<ReplicaId> members = new ArrayList<>();
        for (int i = 0; i < size + spare; i++) {
            SimNode node = new SimNode(this, i);
            nodes.add(node);
            if (i < size) {
                members.add(node.id());
            }
        }
        configuration = new ReplicaSet(1, members);
        nodes.forEach(node -> node.learn(configuration));
    }

    /** Runs it all; throws {@link Checker.Violation} if an invariant breaks, or the log does not come to rest. */
    void run() {
        runFaults();
        heal();
        runUntil(END);
        checker.require(!canRest() || isAtRest(), "not at rest in the end: {}", this);
    }

    /** Runs the time of faults only. */
    void runFaults() {
        nodes.get(0).lead();
        later(firstMischief(), this::mischief);
        later(1, this::clients);
        runUntil(FAULTS_END);
    }

    private void runUntil(long time) {
        while (!events.isEmpty() && events.peek().at <= time) {
            Event event = events.poll();
            now = event.at;
            event.action.run();
            if (!faulty && isAtRest()) {
                return;
            }
        }
        now = Math.max(now, time);
    }

    /** Whether replicas answer before their disks have what they answer for, as with flush = os. */
    boolean leavesFlushingToOs() {
        return false;
    }

    /** A process died. */
    void crashed(MemoryStore disk) {
        disk.crash(random, rules.forgetsPromise());
    }

    /** When things begin to go wrong. */
    long firstMischief() {
        return 1;
    }

    /** Whether enough disks are left. */
    boolean canRest() {
        return existing(configuration.members()).size() >= configuration.majority();
    }

    // ---- time and messages

    long now() {
        return now;
    }

    void later(long delay, Runnable action) {
        events.add(new Event(now + delay, order++, action));
    }

    void trace(String what, Object... with) {
        if (trace.size() == TRACE) {
            trace.poll();
        }
        trace.add(new Step(now, () -> MessageFormatter.basicArrayFormat(what, with)));
    }

    String lastSteps() {
        return trace.stream().map(step -> step.at + " " + shortened(step.what.get()))
                .collect(Collectors.joining("\n"));
    }

    private static String shortened(String step) {
        return step.replaceAll("header=Header\\[log=log, epoch=(\\d+), claimant=(...)[^]]*\\]", "$1 $2")
                .replaceAll("java.nio.HeapByteBuffer\\[pos=0 lim=(\\d+) cap=\\d+\\]", "$1 bytes");
    }

    /** A new identity, which tells the node too, so that messages find it. */
    ReplicaId newDisk(SimNode node) {
        return new ReplicaId(node.index() + "@" + disks++);
    }

    SimNode node(ReplicaId id) {
        return nodes.get(Integer.parseInt(id.diskId().substring(0, id.diskId().indexOf('@'))));
    }

    long newValue() {
        return values++;
    }

    UUID newIncarnation() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    void request(SimNode from, ReplicaRequest request) {
        SimNode to = node(request.header().target());
        deliver(from, to, () -> to.onRequest(from, request));
    }

    void reply(SimNode from, SimNode to, ReplicaReply reply) {
        deliver(from, to, () -> to.onReply(reply));
    }

    private void deliver(SimNode from, SimNode to, Runnable arrival) {
        if (from == to) {
            later(random.nextInt(2), arrival);
            return;
        }
        if (faulty && random.nextDouble() < loss) {
            return;
        }
        int sentAfter = outages;
        int copies = faulty && random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = 1L + random.nextInt(maxDelay);
            if (faulty && random.nextInt(50) == 0) {
                delay += random.nextInt(1500);
            }
            later(delay, () -> {
                if (!cut[from.index()][to.index()] && sentAfter == outages) {
                    arrival.run();
                }
            });
        }
    }

    // ---- who owns configurations

    /** Replaces the configuration if it is the version before; tells the node what is in force, unless something gets lost. */
    void compareAndSet(SimNode from, ReplicaSet next, Consumer<ReplicaSet> answer) {
        if (lost()) {
            return;
        }
        later(1 + random.nextInt(maxDelay), () -> {
            if (next.version() == configuration.version() + 1) {
                configuration = next;
                trace("configuration {}", next);
            }
            answer(from, answer);
        });
    }

    void readConfiguration(SimNode from, Consumer<ReplicaSet> answer) {
        if (!lost()) {
            later(1 + random.nextInt(maxDelay), () -> answer(from, answer));
        }
    }

    private void answer(SimNode to, Consumer<ReplicaSet> answer) {
        ReplicaSet inForce = configuration;
        if (!lost()) {
            to.later(1 + random.nextInt(maxDelay), () -> answer.accept(inForce));
        }
    }

    private boolean lost() {
        return faulty && random.nextInt(4) == 0;
    }

    /** Nodes hear, now or later, that other replicas are in force. */
    void configured() {
        nodes.forEach(SimNode::retireIfRemoved);
    }

    /** A configuration as a node may remember it: perhaps not the last one. */
    ReplicaSet configuration() {
        return configuration;
    }

    // ---- what happens to them

    private void mischief() {
        if (!faulty) {
            return;
        }
        later(1 + random.nextInt(120), this::mischief);
        SimNode node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(restless ? 24 : 16)) {
            case 0, 1, 2 -> node.lead();
            case 3 -> {
                node.crash();
                if (random.nextBoolean()) {
                    later(random.nextInt(60), node::restart);
                }
            }
            case 4 -> {
                node.crash();
                node.restart();
            }
            case 15 -> node.restart();
            case 5 -> node.learn(configuration);
            case 6, 7 -> cutBetween(node, nodes.get(random.nextInt(nodes.size())));
            case 8 -> isolate(node);
            case 9, 10 -> mend();
            case 11 -> loseDisk(node);
            case 12 -> change();
            case 13 -> node.deleteSome();
            case 14 -> node.slow(random.nextInt(3) == 0 ? 200 : 5);
            default -> {
                if (restless) {
                    change();
                }
            }
        }
    }

    private void cutBetween(SimNode one, SimNode other) {
        cut[one.index()][other.index()] = one != other;
        cut[other.index()][one.index()] = one != other && random.nextBoolean();
    }

    void isolate(SimNode node) {
        trace("isolate {}", node.id());
        for (int i = 0; i < cut.length; i++) {
            cut[i][node.index()] = i != node.index();
            cut[node.index()][i] = i != node.index();
        }
    }

    /** Cuts all links between two halves of the nodes. */
    void split() {
        boolean[] side = new boolean[cut.length];
        for (int i = 0; i < side.length; i++) {
            side[i] = random.nextBoolean();
        }
        trace("split {}", Arrays.toString(side));
        for (int i = 0; i < side.length; i++) {
            for (int k = 0; k < side.length; k++) {
                cut[i][k] = side[i] != side[k];
            }
        }
    }

    private void mend() {
        trace("mend");
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
    }

    /** One disk at a time: the next may go only when the one before was replaced. */
    void loseDisk(SimNode node) {
        if (configuration.members().stream().allMatch(this::exists)) {
            node.loseDisk();
            change();
        }
    }

    boolean exists(ReplicaId id) {
        return node(id).id().equals(id);
    }

    List<ReplicaId> existing(List<ReplicaId> ids) {
        return ids.stream().filter(this::exists).toList();
    }

    SimLeader newLeader(SimNode node, int highestEpoch) {
        return new SimLeader(this, node, new Replicas.Versioned(node.known()), highestEpoch);
    }

    /** Asks whoever leads for other replicas: without lost disks, and of other nodes. */
    void change() {
        int size = configuration.members().size();
        List<ReplicaId> members = new ArrayList<>();
        int first = random.nextInt(nodes.size());
        for (ReplicaId member : configuration.members()) {
            if (exists(member) && random.nextInt(4) > 0) {
                members.add(member);
            }
        }
        for (int i = 0; i < nodes.size() && members.size() < size; i++) {
            ReplicaId id = nodes.get((first + i) % nodes.size()).id();
            if (!members.contains(id)) {
                members.add(id);
            }
        }
        if (members.size() == size) {
            nodes.forEach(node -> node.reconfigure(members));
        }
    }

    private void clients() {
        later(1 + random.nextInt(faulty ? 30 : 300), this::clients);
        nodes.forEach(SimNode::append);
    }

    private void heal() {
        trace("heal");
        faulty = false;
        mend();
        nodes.forEach(node -> {
            node.slow(5);
            node.restart();
        });
        later(0, this::keepOneLeader);
    }

    /** As membership would: whoever should lead is started again when it stopped. */
    private void keepOneLeader() {
        later(200 + random.nextInt(200), this::keepOneLeader);
        if (nodes.stream().noneMatch(SimNode::leads)) {
            SimNode next = nextLeader();
            if (next != null) {
                next.lead();
            }
        }
    }

    /** The first replica that is there, null if none is. */
    SimNode nextLeader() {
        SimNode next = configuration.members().stream().filter(this::exists).map(this::node).findFirst().orElse(null);
        if (next != null) {
            next.learn(configuration);
        }
        return next;
    }

    boolean isAtRest() {
        return nodes.stream().filter(SimNode::leads).count() == 1
                && nodes.stream().anyMatch(node -> node.isAtRest(configuration, acknowledgedEnd));
    }

    boolean faulty() {
        return faulty;
    }

    long acknowledgedEnd() {
        return acknowledgedEnd;
    }

    void acknowledged(long end) {
        acknowledgedEnd = Math.max(acknowledgedEnd, end);
    }

    /** All machines lost their power: nothing need be there any more that was committed so far, and nothing is under way. */
    void outage() {
        trace("outage");
        outages++;
        acknowledgedEnd = 0;
        checker.everythingMayBeLost();
    }

    @Override
    public String toString() {
        return configuration + " " + nodes;
    }
}
