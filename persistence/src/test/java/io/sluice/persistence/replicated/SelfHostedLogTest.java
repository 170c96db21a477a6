package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.event;
import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.Log;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.Replicas;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that says itself which replicas it has, over real disks and sockets. */
class SelfHostedLogTest {
    @TempDir
    private Path directory;
    private ThreeNodes nodes;

    @BeforeEach
    void start() {
        nodes = new ThreeNodes(directory, i -> new Replicas.SelfHosted(Set.copyOf(ThreeNodes.ALL.members()), i == 0));
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void growsFromOneNodeToThreeAndOutlivesTheFirst() {
        Log first = found();
        get(event(first, "one", 0));
        grow(first, 0, 1);
        grow(first, 0, 1, 2);
        get(event(first, "two"));
        nodes.stop(0);

        Log second = nodes.log(1);
        await().untilAsserted(() -> get(second.claim()));

        assertThat(nodes.replication(1).configuration(ThreeNodes.LOG).orElseThrow().members())
                .containsExactlyElementsOf(ids(0, 1, 2));
        get(event(second, "three"));
        assertThat(nodes.committed(1)).isEqualTo("one change change two three");
        nodes.start(0);
        await().untilAsserted(() -> assertThat(nodes.committed(0)).isEqualTo("one change change two three"));
    }

    @Test
    void knowsItsReplicasAfterARestart() {
        grow(found(), 0, 1);
        nodes.stop(0);
        nodes.stop(1);
        nodes.start(0);

        assertThatThrownBy(() -> get(nodes.log(0).claim())).as("one of two is no majority")
                .hasCauseInstanceOf(UnavailableException.class);
        nodes.start(1);
        await().untilAsserted(() -> get(nodes.log(0).claim()));
        assertThat(nodes.replication(0).configuration(ThreeNodes.LOG).orElseThrow().members())
                .containsExactlyElementsOf(ids(0, 1));
    }

    @Test
    void onlyTheFounderBeginsTheLogAndNamesItselfFirst() {
        assertThatThrownBy(() -> get(nodes.log(1).claim())).hasCauseInstanceOf(UnavailableException.class);
        Log log = nodes.log(0);
        await().untilAsserted(() -> get(log.claim()));
        assertThatThrownBy(() -> get(event(log, "nobody is named"))).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> get(event(log, "too many", 0, 1))).hasCauseInstanceOf(IllegalStateException.class);
        get(event(log, "named", 0));
        get(event(log, "more"));
        assertThat(log.view().highWatermark()).isEqualTo(2);
    }

    @Test
    void whoeverIsRemovedStopsLeading() {
        Log first = found();
        get(event(first, "one", 0));
        grow(first, 0, 1);
        await().until(() -> nodes.replication(0).mayChangeTo(ThreeNodes.LOG, ids(1)));
        get(event(first, "change", 1));
        await().untilAsserted(() -> assertThat(first.leaderEpoch()).isEqualTo(-1));
        nodes.stop(0);

        Log second = nodes.log(1);
        await().untilAsserted(() -> get(second.claim()));
        get(event(second, "alone"));
        assertThat(nodes.committed(1)).isEqualTo("one change change alone");
    }

    private Log found() {
        Log log = nodes.log(0);
        get(log.claim());
        return log;
    }

    private void grow(Log log, int... members) {
        if (log.view().logEndOffset() == 0) {
            get(event(log, "first", 0));
        }
        ReplicaId newcomer = ids(members).getLast();
        nodes.replication(0).learn(ThreeNodes.LOG, newcomer);
        await().until(() -> nodes.replication(0).mayChangeTo(ThreeNodes.LOG, ids(members)));
        assertThat(nodes.replication(0).isCaughtUp(ThreeNodes.LOG, newcomer)).isTrue();
        get(event(log, "change", members));
    }

    private static List<ReplicaId> ids(int... nodes) {
        return Arrays.stream(nodes).mapToObj(ThreeNodes.ALL.members()::get).toList();
    }
}
