package io.sluice.actors.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.PartitionConfiguration;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.PartitionWriters;
import io.sluice.persistence.replicated.Retirement;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Seen from node 0 of four. */
class ReassignmentsTest {

    private static final Uuid ID = Uuid.randomUuid();

    private final List<String> done = new ArrayList<>();
    private final Map<String, ReplicaSet> led = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private Retirement retirement = Retirement.DONE;
    private TopicImage topic = new TopicImage(ID, "t", List.of(List.of(0, 1), List.of(0, 2), List.of(1, 2)), Map.of());
    private final Reassignments reassignments = new Reassignments(this::image, new Log(), List.of(new Writers()), 1);

    private ClusterImage image() {
        ClusterMetadata metadata = ClusterMetadata.EMPTY;
        for (int i = 0; i < 4; i++) {
            metadata = metadata.withNode(new NodeImage(i, "disk-" + i, "localhost", 9092, null, "node-" + i, false));
        }
        return LiveImage.of(metadata.withTopic(topic), 1, "disk-0",
                new MemberView(IntStream.range(0, 4).mapToObj(i -> "node-" + i).collect(Collectors.toSet()), null));
    }

    private final class Log implements PartitionReplication {
        @Override
        public Optional<ReplicaSet> configuration(String log) {
            return Optional.ofNullable(led.get(log));
        }

        @Override
        public boolean reconfigure(String log, List<ReplicaId> members) {
            done.add("reconfigure " + name(log) + " "
                    + members.stream().map(ReplicaId::diskId).collect(Collectors.joining(",")));
            return true;
        }

        @Override
        public Set<String> ledLogs() {
            return led.keySet();
        }

        @Override
        public List<ReplicaId> inSync(String log) {
            return List.of();
        }

        @Override
        public Set<String> storedLogs() {
            return stored;
        }

        @Override
        public CompletionStage<Retirement> retire(String log, int version) {
            done.add("retire " + name(log) + " " + version);
            return CompletableFuture.completedFuture(retirement);
        }
    }

    private final class Writers implements PartitionWriters {
        @Override
        public boolean write(TopicImage each) {
            return true;
        }

        @Override
        public void start(TopicImage each, PartitionRef ref) {
            done.add("start " + ref);
        }

        @Override
        public void stop(PartitionRef ref) {
            done.add("stop " + ref);
        }

        @Override
        public void stopOutside(PartitionRef ref, String shardId) {
            done.add("stop " + ref + " outside " + shardId);
        }
    }

    private static String name(String log) {
        return log.substring(0, log.indexOf('@'));
    }

    private static String log(int partition) {
        return new PartitionRef(ID, "t", partition).persistenceId();
    }

    private void target(int partition, Integer... target) {
        topic = topic.withReplicas(partition, topic.replicas().get(partition),
                new PartitionConfiguration(topic.configuration(partition).version(), List.of(target)));
    }

    private void inForce(int partition, int version, Integer... replicas) {
        topic = topic.withReplicas(partition, List.of(replicas), new PartitionConfiguration(version, List.of()));
    }

    private List<String> look() {
        done.clear();
        reassignments.run();
        return done;
    }

    @Test
    void shouldDoNothingWhileNothingMoves() {
        led.put(log(0), new ReplicaSet(0, List.of()));
        stored.add(log(0));

        assertThat(look()).isEmpty();
    }

    @Test
    void shouldStartAPartitionAgainThatIsNotReplicatedYetAndThenMoveIt() {
        target(0, 0, 3);

        assertThat(look()).containsExactly("stop t-0", "start t-0");
        assertThat(look()).as("a claim takes its time").containsExactly("start t-0");

        led.put(log(0), new ReplicaSet(0, List.of()));
        assertThat(look()).containsExactly("reconfigure t-0 disk-0,disk-3");
    }

    @Test
    void shouldMoveOnlySoManyAtATime() {
        led.put(log(0), new ReplicaSet(0, List.of()));
        led.put(log(1), new ReplicaSet(0, List.of()));
        target(0, 0, 3);
        target(1, 0, 3);

        List<String> first = List.copyOf(look());
        assertThat(first).hasSize(1);
        assertThat(look()).isEqualTo(first);

        int moved = first.getFirst().contains("t-0") ? 0 : 1;
        inForce(moved, 1, 0, 3);
        assertThat(look()).contains("reconfigure t-" + (1 - moved) + " disk-0,disk-3");
    }

    @Test
    void shouldTakeBackAMoveThatWasEnded() {
        led.put(log(0), new ReplicaSet(0, List.of()));
        target(0, 0, 3);
        look();
        target(0);

        assertThat(look()).containsExactly("reconfigure t-0 disk-0,disk-1");
        assertThat(look()).isEmpty();
    }

    @Test
    void shouldLeaveAloneWhatOthersLead() {
        target(2, 1, 0);
        stored.add(log(2));

        assertThat(look()).isEmpty();
    }

    @Test
    void shouldStopAPartitionThatAnotherNodeLeadsAndLetGoOfItThen() {
        led.put(log(0), new ReplicaSet(1, List.of()));
        stored.add(log(0));
        inForce(0, 1, 3, 1);

        assertThat(look()).containsExactly("stop t-0 outside 3-1");

        led.clear();
        assertThat(look()).containsExactly("retire t-0 1");
        assertThat(look()).isEmpty();
    }

    @Test
    void shouldLetGoOfAPartitionOnceItsClaimHasEnded() {
        stored.add(log(0));
        inForce(0, 1, 3, 1);
        retirement = Retirement.LED;

        assertThat(look()).containsExactly("retire t-0 1");
        assertThat(look()).containsExactly("retire t-0 1");

        retirement = Retirement.DONE;
        assertThat(look()).containsExactly("retire t-0 1");
        assertThat(look()).isEmpty();
    }

    @Test
    void shouldNotAskAgainForWhatIsWanted() {
        stored.add(log(0));
        inForce(0, 1, 3, 1);
        retirement = Retirement.WANTED;

        assertThat(look()).containsExactly("retire t-0 1");
        assertThat(look()).isEmpty();
    }

    @Test
    void shouldKeepWhatItIsToHoldAgain() {
        stored.add(log(0));
        inForce(0, 1, 3, 1);
        target(0, 3, 0);

        assertThat(look()).isEmpty();
    }
}
