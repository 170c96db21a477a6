package io.sluice.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PartitionSnapshotSerializerTest {

    private final PartitionSnapshotSerializer serializer = new PartitionSnapshotSerializer();

    @Property(tries = 200)
    void readsWhatItWrote(@ForAll long nextOffset, @ForAll List<Long> ids, @ForAll short epoch, @ForAll int sequence)
            throws Exception {
        ProducerState.Batch batch = new ProducerState.Batch(epoch, sequence, sequence + 1, nextOffset, nextOffset + 1,
                Batches.NOW);
        PartitionSnapshot snapshot = new PartitionSnapshot(nextOffset,
                ids.stream().map(id -> new PartitionSnapshot.Producer(id, id + 1, List.of(batch, batch))).toList());

        assertThat(read(serializer.toBinary(snapshot))).isEqualTo(snapshot);
    }

    @Test
    void refusesDamageAndOtherVersions() {
        byte[] bytes = serializer.toBinary(new PartitionSnapshot(7, List.of(new PartitionSnapshot.Producer(1, 2,
                List.of(new ProducerState.Batch((short) 0, 0, 0, 6, 6, 0))))));

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(NotSerializableException.class);
        }
        bytes[0] = 2;
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("version 2");
    }

    private Object read(byte[] bytes) throws NotSerializableException {
        return serializer.fromBinary(bytes, "PS");
    }
}
