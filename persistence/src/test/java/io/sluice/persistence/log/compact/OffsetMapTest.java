package io.sluice.persistence.log.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OffsetMapTest {

    @Property(tries = 100, seed = "4711")
    void knowsWhatAMapKnows(@ForAll List<@IntRange(min = 0, max = 300) Integer> keys) {
        OffsetMap map = new OffsetMap(keys.size(), Long.MAX_VALUE);
        Map<Integer, Long> expected = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            assertThat(map.put(key(keys.get(i)), i)).isTrue();
            expected.put(keys.get(i), (long) i);
        }
        assertThat(map.size()).isEqualTo(expected.size());
        for (int key = 0; key <= 300; key++) {
            assertThat(map.get(key(key))).isEqualTo(expected.getOrDefault(key, -1L));
        }
    }

    @Test
    void takesNoMoreMemoryThanItMay() {
        OffsetMap map = new OffsetMap(1_000_000, 10 * OffsetMap.ENTRY_BYTES);
        for (int i = 0; i < 10; i++) {
            assertThat(map.put(key(i), i)).isTrue();
        }
        assertThat(map.put(key(10), 10)).as("full").isFalse();
        assertThat(map.put(key(3), 11)).as("known").isTrue();
        assertThat(map.get(key(3))).isEqualTo(11);
        assertThat(map.get(key(10))).isEqualTo(-1);
    }

    @Test
    void anEmptyKeyIsAKeyAndKeysAreLeftAlone() {
        OffsetMap map = new OffsetMap(2, Long.MAX_VALUE);
        ByteBuffer key = key(7);
        map.put(ByteBuffer.allocate(0), 0);
        map.put(key, 1);
        assertThat(key.remaining()).isEqualTo(1);
        assertThat(map.get(ByteBuffer.allocate(0))).isZero();
    }

    private static ByteBuffer key(int i) {
        return ByteBuffer.wrap(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
}
