package io.sluice.clusterconfig.membership;

import io.sluice.clusterconfig.membership.SeedMessage.Introduction;
import io.sluice.clusterconfig.membership.SeedMessage.WhoAreYou;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the seeds who they are, answers who this node is, and does what {@link JoinRules} decides until the node is a member. Afterwards it asks, less often,
 * those that should be members and are not ({@link IslandRules}). It says every ten seconds what it waits for.
 */
final class SeedActor extends AbstractActorWithTimers {

    /** Its name under {@code /user}; part of the protocol between nodes. */
    static final String NAME = "sluice-seeds";

    private static final Logger LOG = LoggerFactory.getLogger(SeedActor.class);
    private static final Duration ASK_INTERVAL = Duration.ofMillis(250);
    private static final Duration ISLAND_INTERVAL = Duration.ofSeconds(5);
    private static final Duration TELL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration FORGET_AFTER = Duration.ofSeconds(2);
    /** An island must be seen so often in a row, because news of members travels for a moment. */
    private static final int ISLAND_SIGHTINGS = 2;

    private enum Tick {
        ASK, ISLANDS
    }

    private record Heard(Introduction said, long nanos) {}

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Address self = cluster.selfAddress();
    private final JoinRules rules;
    private final Supplier<String> clusterId;
    private final CompletableFuture<Boolean> joined;
    private final Map<Address, Heard> heard = new HashMap<>();
    private final Map<Address, Integer> islands = new HashMap<>();
    private final long began = System.nanoTime();
    private long tellNext = began + TELL_INTERVAL.toNanos();
    private List<Address> joiningThrough = List.of();
    private boolean formed;
    private boolean foundedNew;
    private boolean givingWay;

    private SeedActor(JoinRules rules, Supplier<String> clusterId, CompletableFuture<Boolean> joined) {
        this.rules = rules;
        this.clusterId = clusterId;
        this.joined = joined;
    }

    /**
     * How to make one.
     *
     * @param clusterId the cluster that this node's data belongs to, null while it is new; asked at any time
     * @param joined completed once the node is a member that takes part, with true if it began a new cluster; failed with {@link JoinRefusedException} if it must not be
     */
    static Props props(JoinRules rules, Supplier<String> clusterId, CompletableFuture<Boolean> joined) {
        return Props.create(SeedActor.class, () -> new SeedActor(rules, clusterId, joined));
    }

    @Override
    public void preStart() {
        ActorRef me = getSelf();
        cluster.registerOnMemberUp(() -> {
            joined.complete(foundedNew);
            me.tell(Tick.ISLANDS, ActorRef.noSender());
        });
        timers().startTimerWithFixedDelay(Tick.ASK, Tick.ASK, Duration.ZERO, ASK_INTERVAL);
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(WhoAreYou.class, question -> introduceTo(getSender()))
                .match(Introduction.class, this::onIntroduction).matchEquals(Tick.ASK, tick -> onAsk())
                .matchEquals(Tick.ISLANDS, tick -> onIslands()).build();
    }

    private void introduceTo(ActorRef asking) {
        asking.tell(new Introduction(clusterId.get(), isMember() ? members() : Set.of()), getSelf());
    }

    private void onIntroduction(Introduction said) {
        Address from = getSender().path().address();
        heard.put(from, new Heard(said, System.nanoTime()));
        if (isMember()) {
            lookForIsland(from, said);
        } else {
            decide();
        }
    }

    private void onAsk() {
        if (joined.isDone()) {
            timers().cancel(Tick.ASK);
            return;
        }
        ask(rules.contacts());
        decide();
    }

    private void decide() {
        if (joined.isDone() || formed) {
            return;
        }
        long now = System.nanoTime();
        heard.values().removeIf(each -> now - each.nanos > FORGET_AFTER.toNanos());
        Map<Address, Introduction> said = heard.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().said));
        switch (rules.decide(said, Duration.ofNanos(now - began))) {
            case JoinDecision.Form form -> form();
            case JoinDecision.Join join -> join(join.through());
            case JoinDecision.Wait wait -> tell(wait.why());
            case JoinDecision.Refuse refuse -> joined.completeExceptionally(new JoinRefusedException(refuse.why()));
        }
    }

    private void form() {
        formed = true;
        foundedNew = clusterId.get() == null;
        LOG.info(clusterId.get() == null ? "forms a new cluster" : "forms cluster {} again", clusterId.get());
        cluster.join(self);
    }

    private void join(List<Address> through) {
        if (through.equals(joiningThrough)) {
            tell("joining through " + through.stream().map(JoinRules::text).collect(Collectors.joining(", "))
                    + "; the cluster lets a node in once all its members are reachable");
            return;
        }
        joiningThrough = through;
        cluster.joinSeedNodes(through);
    }

    private void tell(String waitsFor) {
        long now = System.nanoTime();
        if (now - tellNext >= 0) {
            tellNext = now + TELL_INTERVAL.toNanos();
            LOG.info("waiting for the cluster: {}", waitsFor);
        }
    }

    private void onIslands() {
        Set<String> members = members();
        ask(rules.contacts().stream().filter(node -> !members.contains(node.toString())).toList());
        timers().startSingleTimer(Tick.ISLANDS, Tick.ISLANDS, ISLAND_INTERVAL);
    }

    private void lookForIsland(Address node, Introduction said) {
        String mine = clusterId.get();
        if (said.isMember() && mine != null && said.clusterId() != null && !mine.equals(said.clusterId())) {
            tell(JoinRules.text(node) + " is named as a member, but is of cluster " + said.clusterId()
                    + ", not of this one; correct its data directory or sluice.cluster.seeds");
            return;
        }
        boolean island = mine != null && mine.equals(said.clusterId())
                && IslandRules.givesWay(self.toString(), members(), said.members());
        int sightings = island ? islands.merge(node, 1, Integer::sum) : 0;
        if (!island) {
            islands.remove(node);
        } else if (sightings >= ISLAND_SIGHTINGS && !givingWay) {
            givingWay = true;
            LOG.warn("{} runs this cluster without this node; starting again to join it", JoinRules.text(node));
            cluster.down(self);
        }
    }

    private void ask(Iterable<Address> nodes) {
        nodes.forEach(node -> getContext().actorSelection(node + "/user/" + NAME)
                .tell(new WhoAreYou(self.toString()), getSelf()));
    }

    private boolean isMember() {
        return cluster.selfMember().status().equals(MemberStatus.up());
    }

    private Set<String> members() {
        Set<String> members = StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .map(member -> member.address().toString()).collect(Collectors.toCollection(HashSet::new));
        members.add(self.toString());
        return members;
    }
}
