package io.sluice.actors.replication;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.PartitionWriters;
import io.sluice.actors.placement.Placement;
import io.sluice.persistence.replicated.Retirement;
import io.sluice.persistence.replication.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in moving partitions to other replicas. Looks at the cluster image every now and then and does what follows from it, so that nothing
 * has to be remembered over a restart:
 *
 * <ul>
 * <li>a partition that is led here and has a target: its log's leader brings the target's replicas up and puts them in force; a few at a time, the others
 * wait;
 * <li>a partition whose actor is up here, though another node leads it by now: the actor stops;
 * <li>a log that is stored here, though neither the replicas in force nor the target name this node: what it holds goes.
 * </ul>
 */
public final class Reassignments implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Reassignments.class);

    /** Longer than an actor needs to claim a log whose replicas are there. */
    private static final Duration CLAIMS_WITHIN = Duration.ofSeconds(10);

    private final Supplier<ClusterImage> images;
    private final PartitionReplication replication;
    private final List<PartitionWriters> writers;
    private final int concurrent;
    /** The partitions being moved, with the time at which the actor was last told to start again. */
    private final Map<PartitionRef, Long> moving = new HashMap<>();
    /** The logs that were let go of, with the version at which they were. */
    private final Map<String, Integer> retired = new ConcurrentHashMap<>();
    /** For a topic with partitions that moved once, as it was when its logs here were looked at. */
    private final Map<String, TopicImage> settled = new HashMap<>();
    /** Topics of logs that could not be let go of because this node led them, or tried to. */
    private final Set<String> unsettled = ConcurrentHashMap.newKeySet();
    /** What there is nothing to do about any more. */
    private ClusterImage settledImage;

    /**
     * @param images what this node knows of the cluster
     * @param writers the actors that write, by kind of topic
     * @param concurrent how many partitions this node moves at a time
     */
    public Reassignments(Supplier<ClusterImage> images, PartitionReplication replication,
            List<PartitionWriters> writers, int concurrent) {
        this.images = images;
        this.replication = replication;
        this.writers = List.copyOf(writers);
        this.concurrent = concurrent;
    }

    /** Looks once. For one thread at a time. */
    @Override
    @SuppressWarnings("ReferenceEquality") // each change publishes another image
    public synchronized void run() {
        ClusterImage image = images.get();
        if (image == settledImage && moving.isEmpty() && unsettled.isEmpty()) {
            return; // thousands of partitions that do not move must cost nothing
        }
        try {
            move(image);
            stopWhatOthersLead(image);
            settledImage = retire(image) ? image : null;
        } catch (RuntimeException e) {
            LOG.error("looking after partitions that move failed; it goes on with the next look", e);
        }
    }

    private void move(ClusterImage image) {
        Map<PartitionRef, TopicImage> wanted = wanted(image);
        for (PartitionRef ref : List.copyOf(moving.keySet())) {
            if (!wanted.containsKey(ref)) {
                moving.remove(ref);
                takeBack(image, ref);
            }
        }
        wanted.forEach((ref, topic) -> {
            if (moving.containsKey(ref) || moving.size() < concurrent) {
                move(image, topic, ref);
            }
        });
    }

    /** The partitions to move that this node leads. */
    private static Map<PartitionRef, TopicImage> wanted(ClusterImage image) {
        Map<PartitionRef, TopicImage> wanted = new LinkedHashMap<>();
        for (TopicImage topic : image.topics()) {
            topic.configurations().forEach((partition, configuration) -> {
                if (configuration.isReassigning() && image.leader(topic, partition) == image.selfId()) {
                    wanted.put(new PartitionRef(topic.id(), topic.name(), partition), topic);
                }
            });
        }
        return wanted;
    }

    private void move(ClusterImage image, TopicImage topic, PartitionRef ref) {
        String log = ref.persistenceId();
        if (replication.configuration(log).isEmpty()) {
            Long restarted = moving.get(ref);
            if (restarted == null || System.nanoTime() - restarted > CLAIMS_WITHIN.toNanos()) {
                // one that is up was opened when the log had no other replicas; it starts again as a replicated one
                writersOf(topic).stop(ref);
                moving.put(ref, System.nanoTime());
            }
            writersOf(topic).start(topic, ref);
            return;
        }
        moving.putIfAbsent(ref, System.nanoTime());
        disks(image, topic.configuration(ref.partition()).target())
                .ifPresent(target -> replication.reconfigure(log, target));
    }

    /** The move was ended, or it is complete, in which case this says what is so already. */
    private void takeBack(ClusterImage image, PartitionRef ref) {
        image.topic(ref.topicId()).flatMap(topic -> disks(image, topic.replicas().get(ref.partition())))
                .ifPresent(now -> replication.reconfigure(ref.persistenceId(), now));
    }

    private void stopWhatOthersLead(ClusterImage image) {
        for (String log : replication.ledLogs()) {
            PartitionRef ref = PartitionRef.ofPersistenceId(log).orElse(null);
            TopicImage topic = ref == null ? null : image.topic(ref.topicId()).orElse(null);
            if (topic != null && image.leader(topic, ref.partition()) != image.selfId()) {
                writersOf(topic).stopOutside(ref, Placement.shardId(topic.replicas().get(ref.partition())));
            }
        }
    }

    /** Returns false if something is still led here that is to be let go of. */
    private boolean retire(ClusterImage image) {
        unsettled.removeIf(name -> {
            settled.remove(name);
            return true;
        });
        List<TopicImage> changed = new ArrayList<>();
        for (TopicImage topic : image.topics()) {
            if (!topic.configurations().isEmpty() && !topic.equals(settled.get(topic.name()))) {
                changed.add(topic);
            }
        }
        if (changed.isEmpty()) {
            return true;
        }
        settled.keySet().removeIf(name -> image.topic(name).isEmpty());
        Set<String> stored = replication.storedLogs();
        Set<String> led = replication.ledLogs();
        boolean allDone = true;
        for (TopicImage topic : changed) {
            boolean done = true;
            for (int partition : topic.configurations().keySet()) {
                String log = new PartitionRef(topic.id(), topic.name(), partition).persistenceId();
                int version = topic.configuration(partition).version();
                if (!topic.replicasAndTarget(partition).contains(image.selfId()) && stored.contains(log)
                        && retired.getOrDefault(log, -1) < version) {
                    done &= !led.contains(log);
                    if (!led.contains(log)) {
                        retire(topic, log, version);
                    }
                }
            }
            if (done) {
                settled.put(topic.name(), topic);
            }
            allDone &= done;
        }
        return allDone;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what came of it is logged
    private void retire(TopicImage topic, String log, int version) {
        replication.retire(log, version).whenComplete((outcome, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "what this node holds of log {} could not be deleted; it will be tried again when the node starts"
                                + " or the topic's replicas change: {}",
                        log, failure.toString());
            } else if (outcome == Retirement.DONE) {
                retired.put(log, version);
                LOG.debug("log {}: other nodes hold it now, what was here is deleted", log);
            } else if (outcome == Retirement.LED) {
                unsettled.add(topic.name());
            }
        });
    }

    private PartitionWriters writersOf(TopicImage topic) {
        return writers.stream().filter(each -> each.write(topic)).findFirst().orElseThrow();
    }

    private static Optional<List<ReplicaId>> disks(ClusterImage image, List<Integer> nodes) {
        List<ReplicaId> disks = new ArrayList<>(nodes.size());
        for (int id : nodes) {
            NodeImage node = image.nodes().get(id);
            if (node != null) {
                disks.add(new ReplicaId(node.diskId()));
            }
        }
        return disks.size() == nodes.size() ? Optional.of(disks) : Optional.empty();
    }
}
