package io.sluice.actors.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import io.sluice.actors.image.NodeImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.testkit.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** One real region, of node 0; the others are nodes whose region is not there yet. */
class ReplicaListAllocationTest {

    private static final Address SELF = new Address("pekko", "sluice", "127.0.0.1", 7000);
    private static ActorSystem system;

    private final ActorRef region = new TestProbe(system).ref();

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create();
    }

    @AfterAll
    static void stopSystem() {
        system.terminate();
    }

    @Test
    void allocatesToTheFirstThatIsUp() throws Exception {
        assertThat(get(strategy(0, 1).allocateShard(region, "0-1", regions()))).isEqualTo(region);
        assertThat(get(strategy(0).allocateShard(region, "1-0", regions()))).isEqualTo(region);
    }

    @Test
    void waitsForTheLeadersRegionRatherThanTakeAnother() {
        assertThatThrownBy(() -> get(strategy(0, 1).allocateShard(region, "1-0", regions())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> get(strategy().allocateShard(region, "1-0", regions())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void movesNothingThatIsInPlace() throws Exception {
        assertThat(get(strategy(0, 1).rebalance(Map.of(region, shards("0-1", "0-2")), Set.of()))).isEmpty();
        assertThat(get(strategy(0, 1).rebalance(Map.of(region, shards("1-0")), Set.of())))
                .as("the leader's region is not there yet").isEmpty();
    }

    @Test
    void movesShardsToTheirLeadersButAsksNoDeadNode() {
        Map<String, List<String>> shards = Map.of(address(0), List.of("1-0", "0-1"), address(1), List.of("0-1-2"),
                address(2), List.of("2-1"));

        assertThat(ReplicaListAllocation.misplaced(image(0, 1, 2), shards)).containsExactlyInAnyOrder("1-0", "0-1-2");
        assertThat(ReplicaListAllocation.misplaced(image(0, 1), shards)).as("2-1 is on the dead node")
                .containsExactlyInAnyOrder("1-0", "0-1-2");
        assertThat(ReplicaListAllocation.misplaced(image(0, 2), shards)).isEmpty();
    }

    private Map<ActorRef, IndexedSeq<String>> regions() {
        return Map.of(region, shards());
    }

    private static IndexedSeq<String> shards(String... shards) {
        return CollectionConverters.asScala(List.of(shards)).toIndexedSeq();
    }

    private static ReplicaListAllocation strategy(int... alive) {
        LiveImage image = image(alive);
        return new ReplicaListAllocation(() -> image, SELF);
    }

    private static LiveImage image(int... alive) {
        ClusterMetadata metadata = ClusterMetadata.EMPTY.withClusterId("c");
        for (int id = 0; id < 3; id++) {
            metadata = metadata.withNode(new NodeImage(id, "disk" + id, "h", 1, null, address(id), false));
        }
        Set<String> up = IntStream.of(alive).mapToObj(ReplicaListAllocationTest::address).collect(Collectors.toSet());
        return LiveImage.of(metadata, 1, "disk0", new MemberView(up, null));
    }

    private static String address(int id) {
        return new Address("pekko", "sluice", "127.0.0.1", 7000 + id).toString();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return Await.result(future, FiniteDuration.apply(5, "s"));
    }
}
