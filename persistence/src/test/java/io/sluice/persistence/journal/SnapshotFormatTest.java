package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.persistence.journal.PayloadCodec.Payload;
import io.sluice.persistence.journal.SnapshotFormat.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The bytes of a snapshot file. */
class SnapshotFormatTest {
    private static final Content CONTENT = new Content("id", new Payload(20, "manifest", bytes("state")),
            new Payload(4, "", bytes("meta")));

    @Example
    void contentSurvivesTheWayThroughAFile() throws IOException {
        Content read = SnapshotFormat.decode("id", SnapshotFormat.encode(CONTENT));

        assertThat(read).usingRecursiveComparison().isEqualTo(CONTENT);
        Content bare = new Content("", new Payload(1, "", new byte[0]), null);
        assertThat(SnapshotFormat.decode("", SnapshotFormat.encode(bare))).usingRecursiveComparison().isEqualTo(bare);
    }

    @Property
    void anyChangedByteIsDetected(@ForAll @IntRange(max = 10_000) int at, @ForAll byte value) {
        ByteBuffer bytes = SnapshotFormat.encode(CONTENT);
        int position = at % bytes.limit();
        if (bytes.get(position) != value) {
            bytes.put(position, value);
            assertThatThrownBy(() -> SnapshotFormat.decode("id", bytes)).isInstanceOf(IOException.class);
        }
    }

    @Property
    void anyShortenedFileIsDetected(@ForAll @IntRange(max = 10_000) int length) {
        ByteBuffer bytes = SnapshotFormat.encode(CONTENT);
        bytes.limit(length % bytes.limit());

        assertThatThrownBy(() -> SnapshotFormat.decode("id", bytes)).isInstanceOf(IOException.class);
    }

    @Example
    void aFileOfAnotherIdIsRefused() {
        assertThatThrownBy(() -> SnapshotFormat.decode("other", SnapshotFormat.encode(CONTENT)))
                .hasMessageContaining("belongs to \"id\"");
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
