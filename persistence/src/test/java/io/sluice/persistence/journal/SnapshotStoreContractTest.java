package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.OptionConverters;

/** The cases that Pekko's contract for snapshot stores names, each with five snapshots, of sequence numbers 11 to 15. */
class SnapshotStoreContractTest {
    private static final SnapshotSelectionCriteria LATEST = SnapshotSelectionCriteria.latest();
    private static final long ALL = Long.MAX_VALUE;
    private static PluginRig rig;
    private static int ids;
    private final List<SnapshotMetadata> saved = new ArrayList<>();
    private TestKit probe;
    private String id;

    @BeforeAll
    static void start(@TempDir Path dir) {
        rig = new PluginRig(dir);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void saveFive() {
        id = "s-" + ids++;
        probe = rig.probe();
        for (int i = 1; i <= 5; i++) {
            SnapshotMetadata metadata = save(SnapshotMetadata.apply(id, 10 + i), "s-" + i);
            saved.add(metadata);
            while (System.currentTimeMillis() <= metadata.timestamp() + 1) {
                Thread.onSpinWait(); // Pekko gives each the time of its saving, and the cases need different ones
            }
        }
    }

    @Test
    void loadsNothingForAnotherId() {
        assertThat(load("invalid", LATEST, ALL)).isEmpty();
    }

    @Test
    void loadsNothingWhereTheCriteriaDoNotMatch() {
        assertThat(load(id, criteria(ALL, 100, 0, 0), ALL)).isEmpty();
        assertThat(load(id, criteria(7, ALL, 0, 0), ALL)).isEmpty();
        assertThat(load(id, LATEST, 7)).isEmpty();
        assertThat(load(id, criteria(ALL, ALL, 16, 0), ALL)).isEmpty();
        assertThat(load(id, criteria(ALL, ALL, 0, timestamp(4) + 1), ALL)).isEmpty();
        assertThat(load(id, SnapshotSelectionCriteria.none(), ALL)).isEmpty();
    }

    @Test
    void loadsTheMostRecentOne() {
        assertThat(load(id, LATEST, ALL)).contains(SelectedSnapshot.create(saved.get(4), "s-5"));
    }

    @Test
    void loadsTheMostRecentOneWithinBounds() {
        Optional<SelectedSnapshot> third = Optional.of(SelectedSnapshot.create(saved.get(2), "s-3"));

        assertThat(load(id, criteria(13, ALL, 0, 0), ALL)).isEqualTo(third);
        assertThat(load(id, LATEST, 13)).isEqualTo(third);
        assertThat(load(id, criteria(13, timestamp(2), 0, 0), ALL)).isEqualTo(third);
        assertThat(load(id, criteria(ALL, timestamp(2), 0, 0), 13)).isEqualTo(third);
        assertThat(load(id, criteria(ALL, timestamp(3) - 1, 13, timestamp(2)), ALL)).isEqualTo(third);
    }

    @Test
    void deletesOneByItsSequenceNumber() {
        deleteOne(SnapshotMetadata.apply(id, 13, 0));

        assertThat(load(id, criteria(13, ALL, 0, 0), ALL)).contains(SelectedSnapshot.create(saved.get(1), "s-2"));
        assertThat(load(id, LATEST, ALL)).contains(SelectedSnapshot.create(saved.get(4), "s-5"));
    }

    @Test
    void deletesOneOnlyIfItsTimestampIsRight() {
        deleteOne(SnapshotMetadata.apply(id, 15, timestamp(4) - 1));

        assertThat(load(id, LATEST, ALL)).contains(SelectedSnapshot.create(saved.get(4), "s-5"));
    }

    @Test
    void deletesAllThatMatch() {
        deleteMatching(criteria(13, timestamp(2), 0, 0));

        assertThat(load(id, criteria(13, timestamp(2), 0, 0), ALL)).isEmpty();
        assertThat(load(id, criteria(14, timestamp(3), 0, 0), ALL))
                .contains(SelectedSnapshot.create(saved.get(3), "s-4"));
    }

    @Test
    void deletesNoneThatDoesNotMatch() {
        deleteMatching(criteria(14, timestamp(3) - 1, 14, 0));

        assertThat(load(id, criteria(14, timestamp(3), 0, 0), ALL))
                .contains(SelectedSnapshot.create(saved.get(3), "s-4"));
    }

    @Test
    void overwritesOneOfTheSameSequenceNumber() {
        SnapshotMetadata again = save(SnapshotMetadata.apply(id, 15), "s-5-modified");

        assertThat(load(id, criteria(15, ALL, 0, 0), ALL).orElseThrow().snapshot()).isEqualTo("s-5-modified");
        assertThat(load(id, criteria(15, again.timestamp() - 1, 15, 0), ALL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000, 5_000_000})
    void savesSnapshotsOfAnySize(int size) {
        save(SnapshotMetadata.apply(id, 100), "0".repeat(size));

        assertThat((String) load(id, LATEST, ALL).orElseThrow().snapshot()).hasSize(size);
    }

    @Test
    void givesASnapshotTheTimeItWasSavedAt() {
        long before = System.currentTimeMillis();

        SnapshotMetadata metadata = save(SnapshotMetadata.apply(id, 100), "now");

        assertThat(metadata.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(load(id, LATEST, ALL).orElseThrow().metadata()).isEqualTo(metadata);
    }

    @Test
    void keepsMetadata() {
        save(SnapshotMetadata.apply(id, 100).withMetadata("meta"), "snap");

        assertThat(load(id, LATEST, ALL).orElseThrow().metadata().metadata().get()).isEqualTo("meta");
    }

    @Test
    void savesActorReferences() {
        save(SnapshotMetadata.apply(id, 100), probe.getRef());

        assertThat(load(id, LATEST, ALL).orElseThrow().snapshot()).isEqualTo(probe.getRef());
    }

    @Test
    void refusesASnapshotWithoutSerialiser() {
        rig.snapshotStore().tell(new SaveSnapshot(SnapshotMetadata.apply(id, 100), new Object()), probe.getRef());

        probe.expectMsgClass(Duration.ofSeconds(20), SaveSnapshotFailure.class);
        assertThat(load(id, LATEST, ALL)).contains(SelectedSnapshot.create(saved.get(4), "s-5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../b", "..", "ключ 😀", "\0"})
    void acceptsAnyPersistenceId(String odd) {
        SnapshotMetadata metadata = save(SnapshotMetadata.apply(odd, 1), "odd");

        assertThat(load(odd, LATEST, ALL)).contains(SelectedSnapshot.create(metadata, "odd"));
    }

    private long timestamp(int index) {
        return saved.get(index).timestamp();
    }

    private SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
        rig.snapshotStore().tell(new SaveSnapshot(metadata, snapshot), probe.getRef());
        return probe.expectMsgClass(Duration.ofSeconds(20), SaveSnapshotSuccess.class).metadata();
    }

    private Optional<SelectedSnapshot> load(String of, SnapshotSelectionCriteria criteria, long toSequenceNr) {
        rig.snapshotStore().tell(new LoadSnapshot(of, criteria, toSequenceNr), probe.getRef());
        return OptionConverters.toJava(
                probe.expectMsgClass(Duration.ofSeconds(20), LoadSnapshotResult.class).snapshot());
    }

    private void deleteOne(SnapshotMetadata metadata) {
        rig.snapshotStore().tell(new DeleteSnapshot(metadata), probe.getRef());
        probe.expectMsg(Duration.ofSeconds(20), new DeleteSnapshotSuccess(metadata));
    }

    private void deleteMatching(SnapshotSelectionCriteria criteria) {
        rig.snapshotStore().tell(new DeleteSnapshots(id, criteria), probe.getRef());
        probe.expectMsg(Duration.ofSeconds(20), new DeleteSnapshotsSuccess(criteria));
    }

    private static SnapshotSelectionCriteria criteria(long maxSequenceNr, long maxTimestamp, long minSequenceNr,
            long minTimestamp) {
        return SnapshotSelectionCriteria.create(maxSequenceNr, maxTimestamp, minSequenceNr, minTimestamp);
    }
}
