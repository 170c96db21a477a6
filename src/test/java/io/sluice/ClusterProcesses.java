package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;

/** Several nodes with the same seeds, as real processes. Their cluster ports are chosen beforehand, because seeds are named by them. */
final class ClusterProcesses implements AutoCloseable {

    private static final Duration FORM_LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final Path home;
    private final List<String> addresses;
    private final List<NodeProcess> nodes = new ArrayList<>();

    private ClusterProcesses(String name, Path home, List<String> addresses) {
        this.name = name;
        this.home = home;
        this.addresses = addresses;
    }

    /**
     * Nodes that are not started yet, each of which is a seed.
     *
     * @param name begins the names of their logs
     * @param home holds a directory for each of them
     */
    static ClusterProcesses create(String name, Path home, int size, Map<String, String> settings) {
        return create(name, home, freeAddresses(size), settings);
    }

    /** As the other, on the given cluster addresses. */
    static ClusterProcesses create(String name, Path home, List<String> addresses, Map<String, String> settings) {
        ClusterProcesses cluster = new ClusterProcesses(name, home, addresses);
        addresses.forEach(address -> cluster.add(address, settings));
        return cluster;
    }

    /** One more node, with the same seeds and a cluster address of its own. */
    NodeProcess add(Map<String, String> settings) {
        return add("127.0.0.1:0", settings);
    }

    private NodeProcess add(String address, Map<String, String> settings) {
        try {
            int number = nodes.size();
            NodeProcess node = NodeProcess.create(name + "-" + number,
                    Files.createDirectories(home.resolve("node" + number)), settings).in(address, addresses);
            nodes.add(node);
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Launches the nodes in this order, without waiting in between, then waits until all are ready. */
    ClusterProcesses start(int... order) {
        for (int i : order) {
            nodes.get(i).launch();
        }
        for (int i : order) {
            nodes.get(i).awaitReady();
        }
        return this;
    }

    /** Starts the nodes and waits until they are one cluster whose metadata each of them holds: with fewer, two nodes may be all that know the topics. */
    ClusterProcesses form() {
        int size = nodes.size();
        start(IntStream.range(0, size).toArray());
        awaitNodes(nodes.get(0), size, FORM_LIMIT);
        awaitMetadataReplicas(size);
        return this;
    }

    NodeProcess node(int index) {
        return nodes.get(index);
    }

    /** Cluster addresses of the seeds. */
    List<String> addresses() {
        return addresses;
    }

    /** An Admin client that knows these nodes only. */
    static Admin admin(NodeProcess... known) {
        return JavaClients.admin(IntStream.range(0, known.length).mapToObj(i -> known[i].bootstrap())
                .collect(Collectors.joining(",")));
    }

    /** What a node tells about its cluster. */
    record Seen(String clusterId, Set<Integer> nodes, int controller) {

        static Seen by(NodeProcess node) throws IOException {
            try (RawConnection connection = new RawConnection(node)) {
                DescribeClusterResponseData answer = connection.exchange(ApiKeys.DESCRIBE_CLUSTER, 0,
                        new DescribeClusterRequestData(), new DescribeClusterResponseData());
                return new Seen(answer.clusterId(),
                        answer.brokers().stream().map(DescribeClusterBroker::brokerId).collect(Collectors.toSet()),
                        answer.controllerId());
            }
        }

        static Seen by(Admin admin) {
            DescribeClusterResult answer = admin.describeCluster();
            Collection<Node> alive = JavaClients.get(answer.nodes());
            Node controller = JavaClients.get(answer.controller());
            return new Seen(JavaClients.get(answer.clusterId()),
                    alive.stream().map(Node::id).collect(Collectors.toSet()),
                    controller == null ? -1 : controller.id());
        }
    }

    /** Waits until a node sees so many nodes and a controller. The node itself is asked: a client might go to one of the others, which may hang. */
    static Seen awaitNodes(NodeProcess asked, int count, Duration limit) {
        return Awaitility.await(count + " nodes seen by " + asked.bootstrap()).atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsMatching(IOException.class::isInstance) // it may just be restarting
                .until(() -> Seen.by(asked), seen -> seen.nodes().size() == count && seen.controller() >= 0);
    }

    /** Waits until so many nodes hold the controller's log: nodes that joined a moment ago are added to them one after another. */
    void awaitMetadataReplicas(int count) {
        Pattern line = Pattern
                .compile("log controller: its replicas are .*members=\\[[^,\\]]+(, [^,\\]]+){" + (count - 1) + "}\\]");
        Awaitility.await(count + " replicas of the controller's log").atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> nodes.stream().flatMap(node -> node.log().lines().stream())
                        .anyMatch(each -> line.matcher(each).find()));
    }

    /** From now on a line of any node in which {@code regex} is found may be an error: the test provokes it. */
    void expect(String regex) {
        nodes.forEach(node -> node.log().expect(regex));
    }

    /** Fails if any node has logged an error that its test did not announce. */
    void assertNoUnexpectedError() {
        nodes.forEach(node -> node.log().assertNoUnexpectedError());
    }

    private static List<String> freeAddresses(int count) {
        return Stream.generate(() -> "127.0.0.1:" + FreePorts.next()).limit(count).toList();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
