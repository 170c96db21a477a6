package io.sluice.actors.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class LiveImageTest {

    private static final TopicImage TOPIC = new TopicImage(new Uuid(1, 1), "t",
            List.of(List.of(0, 1, 2), List.of(1, 2, 0)), Map.of());
    private static final ClusterMetadata METADATA = ClusterMetadata.EMPTY.withNode(node(0)).withNode(node(1))
            .withNode(node(2)).withTopic(TOPIC);

    @Test
    void shouldFindItselfByItsDisk() {
        assertThat(image(Set.of(), null).selfId()).isEqualTo(1);
        assertThat(LiveImage.of(METADATA, 1, "other", MemberView.NONE).selfId()).isEqualTo(-1);
    }

    @Test
    void shouldLetTheFirstReplicaLeadThatIsAlive() {
        assertThat(image(Set.of("a0", "a1", "a2"), null).leader(TOPIC, 0)).isZero();
        assertThat(image(Set.of("a2"), null).leader(TOPIC, 0)).isEqualTo(2);
        assertThat(image(Set.of(), null).leader(TOPIC, 0)).isEqualTo(-1);
        assertThat(image(Set.of("a0"), null).leader(TOPIC, 2)).isEqualTo(-1);
    }

    @Test
    void shouldCountLiveReplicasAsInSync() {
        assertThat(image(Set.of("a0", "a2"), null).inSyncReplicas(TOPIC, 1)).containsExactly(2, 0);
        assertThat(image(Set.of("a0", "a2"), null).inSyncReplicas(TOPIC, -1)).isEmpty();
    }

    @Test
    void shouldLetANodeLeadAndCountAgainOnlyOnceItHasCaughtUp() {
        LiveImage image = image(Map.of(1, Map.of("0-1-2", List.of(0))), Set.of("a0", "a1", "a2"));

        assertThat(image.leader(TOPIC, 0)).isEqualTo(1);
        assertThat(image.leader(TOPIC, 1)).as("another list").isEqualTo(1);
        assertThat(image.inSyncReplicas(TOPIC, 0)).containsExactly(1, 2);
    }

    @Test
    void shouldBelieveOnlyNodesThatAreAliveAboutWhoLags() {
        assertThat(image(Map.of(1, Map.of("0-1-2", List.of(0))), Set.of("a0", "a2")).leader(TOPIC, 0)).isZero();
    }

    @Test
    void shouldLetOneThatLagsLeadIfNobodyElseCan() {
        assertThat(image(Map.of(2, Map.of("0-1-2", List.of(0, 1, 2))), Set.of("a1", "a2")).leader(TOPIC, 0))
                .isEqualTo(1);
    }

    @Test
    void shouldNameTheControllerOnlyWhileItsNodeIsAlive() {
        assertThat(image(Set.of("a2"), "a2").controllerId()).isEqualTo(2);
        assertThat(image(Set.of("a1"), "a2").controllerId()).isEqualTo(-1);
    }

    @Test
    void shouldForgetADeletedTopicUnderNameAndId() {
        ClusterMetadata without = METADATA.withoutTopic(TOPIC.id());

        assertThat(without.topic("t")).isEmpty();
        assertThat(without.topic(TOPIC.id())).isEmpty();
        assertThat(METADATA.topic("t")).contains(TOPIC);
    }

    private static LiveImage image(Map<Integer, Map<String, List<Integer>>> lagging, Set<String> alive) {
        return LiveImage.of(METADATA, 1, "d1", new MemberView(alive, null, lagging));
    }

    private static LiveImage image(Set<String> alive, String controller) {
        return LiveImage.of(METADATA, 1, "d1", new MemberView(alive, controller));
    }

    private static NodeImage node(int id) {
        return new NodeImage(id, "d" + id, "h", 9092, null, "a" + id, false);
    }
}
