package io.sluice;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A host of its own for each node: a network namespace with one link to a bridge, by which nodes reach each other, and one to this JVM, by which
 * clients reach the node whatever happens to the first. Needs root. The bridge is in a namespace, too, so all that is on the machine itself is one end of
 * each client link.
 */
final class NodeNetwork implements AutoCloseable {

    private static final String CLUSTER_NET = "10.213.0.";
    private static final int CLUSTER_PORT = 7355;
    /** Nobody's: a frame to it leaves, and nobody takes it. */
    private static final String NOBODY = "02:00:00:00:00:fe";

    /** Different for each process, so that two of them may run side by side. */
    private final String name = "slc" + ProcessHandle.current().pid();
    private final int clientNet = 64 + (int) (ProcessHandle.current().pid() % 128);
    private final int size;
    private final List<String> namespaces = new ArrayList<>();

    /** @param size how many hosts */
    NodeNetwork(int size) {
        this.size = size;
        try {
            addNamespace(hub());
            RootCommand.run("ip -n " + hub() + " link add bridge type bridge");
            RootCommand.run("ip -n " + hub() + " link set bridge up");
            IntStream.range(0, size).forEach(this::addHost);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether this process may make networks. */
    static boolean isPossible() {
        String probe = "slc-probe" + ProcessHandle.current().pid();
        return RootCommand.works("ip netns add " + probe) && RootCommand.works("ip netns delete " + probe);
    }

    private void addHost(int host) {
        addNamespace(namespace(host));
        String in = "ip -n " + namespace(host);
        RootCommand.run(in + " link set lo up");
        RootCommand.run("ip -n " + hub() + " link add " + port(host) + " type veth peer name nodes netns "
                + namespace(host));
        RootCommand.run(in + " addr add " + clusterHost(host) + "/24 dev nodes");
        RootCommand.run(in + " link set nodes up");
        RootCommand.run("ip -n " + hub() + " link set " + port(host) + " up");
        heal(host);
        RootCommand.run("ip link add " + outside(host) + " type veth peer name clients netns " + namespace(host));
        RootCommand.run("ip addr add 10." + clientNet + "." + host + ".1/30 dev " + outside(host));
        RootCommand.run("ip link set " + outside(host) + " up");
        RootCommand.run(in + " addr add " + clientHost(host) + "/30 dev clients");
        RootCommand.run(in + " link set clients up");
    }

    private void addNamespace(String namespace) {
        RootCommand.run("ip netns add " + namespace);
        namespaces.add(namespace);
    }

    /** Cluster addresses of nodes on the hosts. */
    List<String> clusterAddresses() {
        return IntStream.range(0, size).mapToObj(host -> clusterHost(host) + ":" + CLUSTER_PORT).toList();
    }

    /** Where this JVM reaches a host. */
    String clientHost(int host) {
        return "10." + clientNet + "." + host + ".2";
    }

    /** What runs a command on a host. */
    List<String> prefix(int host) {
        return List.of("ip", "netns", "exec", namespace(host));
    }

    /** Cuts a host off from the others. Nothing is refused: what is sent just does not arrive. */
    void cut(int host) {
        RootCommand.run("ip -n " + hub() + " link set " + port(host) + " nomaster");
    }

    /** Lets a host reach the others. */
    void heal(int host) {
        RootCommand.run("ip -n " + hub() + " link set " + port(host) + " master bridge");
    }

    /** Cuts one direction of a link: what a host sends to another does not arrive there, what comes back does. */
    void cutOneWay(int from, int to) {
        RootCommand.run("ip -n " + namespace(from) + " neigh replace " + clusterHost(to) + " lladdr " + NOBODY
                + " dev nodes nud permanent");
    }

    /** Lets what a host sends to another arrive there again. */
    void healOneWay(int from, int to) {
        RootCommand.run("ip -n " + namespace(from) + " neigh del " + clusterHost(to) + " dev nodes");
    }

    private static String clusterHost(int host) {
        return CLUSTER_NET + (host + 1);
    }

    private static String port(int host) {
        return "port" + host;
    }

    private String outside(int host) {
        return name + "-" + host;
    }

    private String hub() {
        return name + "-hub";
    }

    private String namespace(int host) {
        return name + "-host" + host;
    }

    /** Takes all of it away. Links go with their namespaces, but not at once. */
    @Override
    public void close() {
        IntStream.range(0, size).forEach(host -> RootCommand.works("ip link delete " + outside(host)));
        namespaces.forEach(namespace -> RootCommand.works("ip netns delete " + namespace));
    }
}
