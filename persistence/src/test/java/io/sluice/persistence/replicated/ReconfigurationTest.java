package io.sluice.persistence.replicated;

import static io.sluice.persistence.replicated.ThreeNodes.LOG;
import static io.sluice.persistence.replicated.ThreeNodes.append;
import static io.sluice.persistence.replicated.ThreeNodes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.snapshot.SnapshotChecksum;
import io.sluice.persistence.snapshot.SnapshotFiles;
import io.sluice.persistence.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log's replicas are changed while it is used; it begins with one, on node 0. */
class ReconfigurationTest {
    private static final ReplicaId A = ThreeNodes.ALL.members().get(0);
    private static final ReplicaId B = ThreeNodes.ALL.members().get(1);
    private static final ReplicaId C = ThreeNodes.ALL.members().get(2);

    @TempDir
    private Path directory;
    private final TestController controller = new TestController(A);
    private ThreeNodes nodes;

    @BeforeEach
    void start() {
        nodes = ThreeNodes.that(directory, i -> controller.asKnownBy(ThreeNodes.ALL.members().get(i)));
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void theOnlyCopyGetsOthers() {
        Log alone = lead(0);
        fill(alone, 0, 20);
        int epoch = alone.leaderEpoch();
        assertThat(nodes.replication(0).ledLogs()).as("nobody else has to be asked").isEmpty();

        controller.goal(A, B, C);
        Log log = lead(0);

        assertThat(log.leaderEpoch()).isGreaterThan(epoch);
        assertThat(log.view().highWatermark()).isEqualTo(20);
        assertThatThrownBy(() -> get(append(alone, epoch, "late"))).hasCauseInstanceOf(FencedException.class);
        assertThat(nodes.replication(0).ledLogs()).containsExactly(LOG);
        change(0, A, B, C);
        assertThat(controller.inForce()).isEqualTo(new ReplicaSet(1, List.of(A, B, C)));
        get(append(log, "more"));
        await().untilAsserted(() -> {
            for (int i = 0; i < 3; i++) {
                assertThat(nodes.committed(i)).startsWith("v0 v1 ").endsWith(" v19 more");
            }
        });
        assertThat(nodes.replication(0).remaining(LOG, B)).hasValue(0);
    }

    @Test
    void everyReplicaIsReplacedWhileItIsWrittenTo() {
        controller.goal(A, B);
        Log log = lead(0);
        change(0, A, B);
        fill(log, 0, 10);
        controller.goal(C);
        while (!isInForce(0, C)) {
            assertThat(nodes.replication(0).reconfigure(LOG, List.of(C))).isTrue();
            get(append(log, "x"));
        }
        get(append(log, "last"));
        String expected = nodes.committed(0);

        log.resign(log.leaderEpoch());
        Log next = lead(2);

        assertThat(nodes.committed(2)).isEqualTo(expected);
        get(append(next, "next"));
        assertThat(nodes.replication(2).configuration(LOG)).contains(new ReplicaSet(2, List.of(C)));
        assertThat(nodes.replication(2).remaining(LOG, A)).as("it is no replica").isEmpty();
    }

    @Test
    void aChangeThatIsNotBegunIsTakenBack() {
        Log alone = lead(0);
        fill(alone, 0, 5);
        int epoch = alone.leaderEpoch();
        nodes.stop(1);
        controller.goal(B);
        Log log = lead(0);
        await().until(() -> {
            assertThat(nodes.replication(0).reconfigure(LOG, List.of(B))).isTrue();
            return nodes.replication(0).remaining(LOG, B).orElse(0) == 5;
        });

        controller.goal(A);
        assertThat(nodes.replication(0).reconfigure(LOG, List.of(A))).isTrue();

        assertThat(nodes.replication(0).remaining(LOG, B)).isEmpty();
        get(append(log, "six"));
        log.resign(log.leaderEpoch());
        Log again = lead(0);
        assertThat(again.leaderEpoch()).isGreaterThan(epoch);
        get(append(again, "seven"));
        assertThat(nodes.committed(0)).isEqualTo("v0 v1 v2 v3 v4 six seven");
    }

    @Test
    void aReplicaThatLeftDropsItsDataAndComesBack() {
        controller.goal(A, B);
        Log log = lead(0);
        change(0, A, B);
        fill(log, 0, 10);
        controller.goal(A, C);
        change(0, A, C);
        assertThat(get(nodes.replication(0).retire(LOG, 2))).as("it leads").isEqualTo(Retirement.LED);

        assertThat(get(nodes.replication(1).retire(LOG, 0))).as("it was brought in under this")
                .isEqualTo(Retirement.WANTED);
        assertThat(get(nodes.replication(1).retire(LOG, 2))).isEqualTo(Retirement.DONE);
        assertThat(nodes.store(1).sizeInBytes(LOG)).isZero();
        assertThat(nodes.store(1).persistenceIds()).as("its word stays").containsExactly(LOG);
        assertThat(get(nodes.replication(1).retire(LOG, 2))).as("again").isEqualTo(Retirement.DONE);

        controller.goal(A, B);
        assertThat(nodes.replication(0).reconfigure(LOG, List.of(A, B))).as("in the same term").isFalse();
        assertThat(log.leaderEpoch()).isEqualTo(-1);
        Log again = lead(0);
        change(0, A, B);
        get(append(again, "last"));
        assertThat(get(nodes.replication(1).retire(LOG, 2))).as("late").isEqualTo(Retirement.WANTED);
        await().untilAsserted(() -> assertThat(nodes.committed(1)).startsWith("v0 v1 ").endsWith(" v9 last"));

        again.resign(again.leaderEpoch());
        await("what the leader had sent may still come").untilAsserted(() -> {
            get(nodes.store(1).delete(LOG));
            assertThat(nodes.store(1).persistenceIds()).isEmpty();
        });
    }

    @Test
    void theNewestSnapshotIsThereBeforeANewReplicaCounts() throws IOException {
        controller.goal(A, B);
        Log log = lead(0);
        change(0, A, B);
        fill(log, 0, 5);
        saveSnapshot(1, 3);
        saveSnapshot(0, 2);

        controller.goal(C);
        change(0, C);

        assertThat(snapshots(2).list(LOG)).containsExactly(new SnapshotName(3, 1));
    }

    private SnapshotFiles snapshots(int node) {
        return new SnapshotFiles(SnapshotFiles.directory(nodes.store(node).directory()), 2);
    }

    private void saveSnapshot(int node, long sequenceNr) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(12).putLong(sequenceNr);
        bytes.putInt(SnapshotChecksum.of(bytes)).flip();
        snapshots(node).save(LOG, new SnapshotName(sequenceNr, 1), bytes);
    }

    @Test
    void whoeverMeetsAnUnfinishedChangeEndsIt() {
        controller.goal(A, B);
        Log log = lead(0);
        fill(log, 0, 5);
        controller.answers(false);
        await().until(() -> nodes.replication(0).reconfigure(LOG, List.of(A, B)) && controller.asked() > 1);
        assertThat(nodes.replication(0).reconfigure(LOG, List.of(A))).as("the old ones are sealed").isFalse();
        assertThat(nodes.replication(0).configuration(LOG)).contains(new ReplicaSet(0, List.of(A)));
        log.resign(log.leaderEpoch());
        controller.answers(true);

        assertThatThrownBy(() -> lead(0)).hasCauseInstanceOf(UnavailableException.class);

        assertThat(controller.inForce()).isEqualTo(new ReplicaSet(1, List.of(A)));
        Log again = lead(0);
        get(append(again, "six"));
        assertThat(nodes.replication(0).configuration(LOG)).contains(new ReplicaSet(1, List.of(A)));
    }

    private boolean isInForce(int leader, ReplicaId... members) {
        return nodes.replication(leader).configuration(LOG).filter(now -> now.hasMembers(List.of(members)))
                .isPresent();
    }

    /** As whoever wants the change would: asks again and again. */
    private void change(int leader, ReplicaId... members) {
        await().until(() -> {
            assertThat(nodes.replication(leader).reconfigure(LOG, List.of(members))).isTrue();
            return isInForce(leader, members);
        });
    }

    private static void fill(Log log, int from, int to) {
        IntStream.range(from, to).forEach(i -> get(append(log, "v" + i)));
    }

    private Log lead(int node) {
        Log log = nodes.log(node);
        get(log.claim());
        return log;
    }
}
