package io.sluice.clusterconfig.membership;

import io.sluice.clusterconfig.membership.SeedMessage.Introduction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;

/**
 * Decides whether a node joins, forms the cluster, or waits. A running cluster is always joined. Where there is none:
 *
 * <ul>
 * <li>a <em>new</em> cluster is formed by the first seed, once the others have said that they know of none, or said nothing for the form timeout;
 * <li>a cluster that <em>was</em> is formed again by the first of the seeds that remember it, so that it comes back without the first seed too. That
 * seed waits for all others, or for a majority and a moment, or (the first seed of the list only) for the form timeout;
 * <li>a seed with an empty data directory never forms a cluster while another node remembers one.
 * </ul>
 *
 * <p>Two nodes that cannot hear each other may both form: harmless, since the journal lets at most one of them write, and ended by {@link IslandRules}.
 */
final class JoinRules {

    private static final Duration SETTLE = Duration.ofMillis(1500);

    private final Address self;
    private final List<Address> seeds;
    private final Set<Address> contacts;
    private final String clusterId;
    private final Duration formTimeout;

    /**
     * @param self this node
     * @param seeds the same list on each node; with none, this node is its own seed
     * @param remembered nodes that were members when this node last was, asked besides the seeds
     * @param clusterId the cluster that this node's data belongs to, or null
     * @param formTimeout how long the first seed waits for word from the others
     */
    JoinRules(Address self, List<Address> seeds, Set<Address> remembered, String clusterId, Duration formTimeout) {
        this.self = self;
        this.seeds = seeds.isEmpty() ? List.of(self) : List.copyOf(seeds);
        this.clusterId = clusterId;
        this.formTimeout = formTimeout;
        contacts = new LinkedHashSet<>(this.seeds);
        contacts.addAll(remembered);
        contacts.remove(self);
    }

    /** Whom to ask. */
    Set<Address> contacts() {
        return contacts;
    }

    /**
     * Decides.
     *
     * @param heard the latest introductions of the contacts that answer
     * @param elapsed time since they were first asked
     */
    JoinDecision decide(Map<Address, Introduction> heard, Duration elapsed) {
        List<Address> running = contacts.stream().filter(node -> heard.containsKey(node) && heard.get(node).isMember())
                .toList();
        return running.isEmpty() ? withoutCluster(heard, elapsed) : join(running, heard);
    }

    private JoinDecision join(List<Address> running, Map<Address, Introduction> heard) {
        Map<Address, String> named = running.stream().filter(node -> heard.get(node).clusterId() != null)
                .collect(Collectors.toMap(node -> node, node -> heard.get(node).clusterId()));
        for (Map.Entry<Address, String> seed : named.entrySet()) {
            if (clusterId != null && !clusterId.equals(seed.getValue())) {
                return new JoinDecision.Refuse("the data directory belongs to cluster " + clusterId + ", but "
                        + text(seed.getKey()) + " is of cluster " + seed.getValue()
                        + "; correct the seeds or choose another data directory");
            }
        }
        if (Set.copyOf(named.values()).size() > 1) {
            return new JoinDecision.Refuse("the seeds are of different clusters: "
                    + named.entrySet().stream().map(seed -> text(seed.getKey()) + " of " + seed.getValue()).sorted()
                            .collect(Collectors.joining(", "))
                    + "; correct sluice.cluster.seeds");
        }
        if (clusterId != null && named.isEmpty()) {
            return new JoinDecision.Wait(texts(running) + " forms a cluster that has no id yet");
        }
        return new JoinDecision.Join(running);
    }

    private JoinDecision withoutCluster(Map<Address, Introduction> heard, Duration elapsed) {
        List<Address> remembering = seeds.stream().filter(seed -> remembers(seed, heard)).toList();
        boolean all = heard.keySet().containsAll(contacts);
        boolean first = self.equals(seeds.getFirst());
        if (!seeds.contains(self)) {
            return new JoinDecision.Wait("no seed is a member of a cluster yet; " + state(heard));
        }
        if (clusterId == null && !remembering.isEmpty()) {
            return new JoinDecision.Wait("this data directory is new, and " + texts(remembering)
                    + " remembers a cluster and has to form it again; " + state(heard));
        }
        if (clusterId == null && !first) {
            return new JoinDecision.Wait("the first seed, " + text(seeds.getFirst()) + ", has to form the cluster; "
                    + state(heard));
        }
        if (clusterId != null && !self.equals(remembering.getFirst())) {
            return new JoinDecision.Wait(text(remembering.getFirst()) + " has to form the cluster again; "
                    + state(heard));
        }
        boolean majority = clusterId != null && remembering.size() * 2 > seeds.size() && elapsed.compareTo(SETTLE) >= 0;
        boolean patient = first && elapsed.compareTo(formTimeout) >= 0;
        return all || majority || patient
                ? new JoinDecision.Form()
                : new JoinDecision.Wait("word from the other seeds is missing; " + state(heard));
    }

    private boolean remembers(Address seed, Map<Address, Introduction> heard) {
        String remembered = seed.equals(self)
                ? clusterId
                : heard.containsKey(seed) ? heard.get(seed).clusterId() : null;
        return remembered != null && (clusterId == null || clusterId.equals(remembered));
    }

    private String state(Map<Address, Introduction> heard) {
        List<String> silent = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (Address node : contacts) {
            Introduction said = heard.get(node);
            if (said == null) {
                silent.add(text(node));
            } else if (clusterId != null && said.clusterId() != null && !clusterId.equals(said.clusterId())) {
                foreign.add(text(node));
            } else {
                waiting.add(text(node));
            }
        }
        List<String> parts = new ArrayList<>();
        addPart(parts, "no answer from ", silent);
        addPart(parts, "waiting too: ", waiting);
        addPart(parts, "of another cluster: ", foreign);
        return parts.isEmpty() ? "nobody else is known" : String.join("; ", parts);
    }

    private static void addPart(List<String> parts, String what, List<String> nodes) {
        if (!nodes.isEmpty()) {
            parts.add(what + String.join(", ", nodes));
        }
    }

    private static String texts(List<Address> nodes) {
        return nodes.stream().map(JoinRules::text).collect(Collectors.joining(", "));
    }

    /** An address as people write it. */
    static String text(Address node) {
        return node.getHost().orElse("") + ":" + node.getPort().orElse(0);
    }
}
