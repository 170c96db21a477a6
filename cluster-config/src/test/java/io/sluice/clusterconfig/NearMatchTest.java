package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearMatchTest {

    @Test
    void findsAMisspeltName() {
        assertThat(NearMatch.of("num.partitons", List.of("num.partitions", "node.id"))).contains("num.partitions");
    }

    @Test
    void findsNothingForAnotherName() {
        assertThat(NearMatch.of("security", List.of("num.partitions", "node.id"))).isEmpty();
    }

    @Property(tries = 200)
    void distanceIsAMetric(@ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
        int distance = NearMatch.distance(a, b);
        assertThat(distance).isEqualTo(NearMatch.distance(b, a)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
        assertThat(distance == 0).isEqualTo(a.equals(b));
    }
}
