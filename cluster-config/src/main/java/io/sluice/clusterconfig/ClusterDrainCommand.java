package io.sluice.clusterconfig;

import io.sluice.actors.config.BrokerConfigs;
import io.sluice.actors.placement.RebalancePlan.Move;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.KnownNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sluice cluster drain}: has a node emptied. One that is up is marked, and the controller moves its replicas away; one that is down cannot be
 * marked, since its settings are asked of itself, so its replicas are reassigned from here.
 */
@Command(name = "drain", description = "Moves all replicas of a node to the others, so that it can be stopped and removed.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class ClusterDrainCommand extends ClusterNodeCommand {

    private static final int LISTED_MAX = 5;
    private static final Duration POLL = Duration.ofSeconds(1);

    @Option(names = "--wait", arity = "0..1", paramLabel = "SECONDS", fallbackValue = "2147483647", description = "Wait until the node is empty, at most so long if a time is given; tells how many replicas are left.")
    private Integer waitSeconds;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        return cluster.connection().ask(admin -> {
            ClusterView view = ClusterView.ask(admin);
            KnownNode.require(view.nodes().keySet(), node);
            ClusterPlan plan = ClusterPlan.of(view, id -> id == node);
            requirePossible(view, plan);
            start(admin, view, plan);
            out.println("draining node " + node + ", which has " + view.replicasOn(node) + " replica(s)");
            List<String> halted = view.withoutMajority(node);
            if (!halted.isEmpty()) {
                out.println(halted.size() + " partition(s) cannot move before more than half of their replicas are up: "
                        + listed(halted));
            }
            out.flush();
            return (waitSeconds == null ? ExitCode.STOPPED : await(admin, out)).number();
        });
    }

    private void requirePossible(ClusterView view, ClusterPlan plan) {
        List<String> stuck = plan.stuckOn(view, node);
        if (!stuck.isEmpty()) {
            throw new StartException(ExitCode.REFUSED,
                    "node " + node + " cannot be emptied: too few other nodes are up for the replicas of "
                            + stuck.size() + " partition(s) (" + listed(stuck) + "); add a node first");
        }
    }

    private static String listed(List<String> partitions) {
        return partitions.stream().limit(LISTED_MAX).collect(Collectors.joining(", "))
                + (partitions.size() > LISTED_MAX ? ", …" : "");
    }

    private void start(Admin admin, ClusterView view, ClusterPlan plan)
            throws ExecutionException, InterruptedException {
        if (view.isUp(node)) {
            NodeSetting.alter(admin, node, BrokerConfigs.NODE_DRAINING, "true");
            return;
        }
        Map<TopicPartition, Optional<NewPartitionReassignment>> moves = new HashMap<>();
        for (Move move : plan.plan().moves()) {
            if (move.removed().contains(node)) {
                moves.put(new TopicPartition(move.topic(), move.partition()),
                        Optional.of(new NewPartitionReassignment(move.replicas())));
            }
        }
        admin.alterPartitionReassignments(moves).all().get();
    }

    private ExitCode await(Admin admin, PrintWriter out) throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        int told = -1;
        while (true) {
            int left = ClusterView.ask(admin).replicasOn(node);
            if (left != told) {
                out.println(left == 0
                        ? "node " + node + " is empty; stop it, then: sluice cluster remove " + node
                        : "node " + node + ": " + left + " replica(s) left");
                out.flush();
                told = left;
            }
            if (left == 0) {
                return ExitCode.STOPPED;
            }
            if (System.nanoTime() - end > 0) {
                throw new StartException(ExitCode.UNFINISHED, "node " + node + " still has " + left
                        + " replica(s) after " + waitSeconds + " s; it goes on being drained");
            }
            Thread.sleep(POLL.toMillis());
        }
    }
}
