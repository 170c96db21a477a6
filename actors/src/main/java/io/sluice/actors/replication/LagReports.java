package io.sluice.actors.replication;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.placement.Placement;
import io.sluice.persistence.replication.ReplicaId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells the cluster which replicas of the partitions that this node leads have not caught up, so that a node that returns leads again only once that costs
 * nothing, and clients are told the in-sync replicas. Told by replica list and not by partition: all partitions with the same list have the same leader,
 * and a report stays small however many there are.
 */
public final class LagReports implements Runnable {
    /** A controller that starts over knows nothing. */
    private static final Duration SAY_AGAIN = Duration.ofSeconds(2);

    private final Controller controller;
    private final PartitionReplication replication;
    /** Which partitions the logs are, as finding out takes its time. */
    private final Map<String, PartitionRef> refs = new HashMap<>();
    private Map<String, List<Integer>> said = Map.of();
    private long saidAt;

    public LagReports(Controller controller, PartitionReplication replication) {
        this.controller = controller;
        this.replication = replication;
    }

    /** Looks once, and says what has changed. For one thread at a time. */
    @Override
    public synchronized void run() {
        Map<String, List<Integer>> now = lagging(controller.image());
        boolean again = !now.isEmpty() && System.nanoTime() - saidAt >= SAY_AGAIN.toNanos();
        if (again || !now.equals(said)) {
            controller.reportLag(now);
            said = now;
            saidAt = System.nanoTime();
        }
    }

    private Map<String, List<Integer>> lagging(ClusterImage image) {
        Map<String, Integer> nodes = new HashMap<>();
        for (NodeImage node : image.nodes().values()) {
            nodes.put(node.diskId(), node.id());
        }
        Map<String, Set<Integer>> late = new TreeMap<>();
        Set<String> led = replication.ledLogs();
        refs.keySet().retainAll(led);
        for (String log : led) {
            shardId(image, log).ifPresent(shardId -> {
                List<ReplicaId> inSync = replication.inSync(log);
                replication.configuration(log).ifPresent(replicas -> {
                    for (ReplicaId member : replicas.members()) {
                        Integer node = nodes.get(member.diskId());
                        if (node != null && !inSync.isEmpty() && !inSync.contains(member)) {
                            late.computeIfAbsent(shardId, id -> new TreeSet<>()).add(node);
                        }
                    }
                });
            });
        }
        Map<String, List<Integer>> lagging = new TreeMap<>();
        late.forEach((shardId, ids) -> lagging.put(shardId, List.copyOf(ids)));
        return lagging;
    }

    private Optional<String> shardId(ClusterImage image, String log) {
        PartitionRef known = refs.computeIfAbsent(log, id -> PartitionRef.ofPersistenceId(id).orElse(null));
        return Optional.ofNullable(known).flatMap(ref -> image.topic(ref.topicId())
                .filter(topic -> topic.hasPartition(ref.partition())).map(topic -> shardId(topic, ref.partition())));
    }

    private static String shardId(TopicImage topic, int partition) {
        return Placement.shardId(topic.replicas().get(partition));
    }
}
