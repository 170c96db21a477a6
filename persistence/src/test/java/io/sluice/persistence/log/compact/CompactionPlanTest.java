package io.sluice.persistence.log.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
    private static final long NOW = 1_000_000;

    private static CompactionPolicy policy(double ratio, long minLag, long maxLag) {
        return new CompactionPolicy(1000, ratio, minLag, maxLag, 1000);
    }

    private static final CompactionPolicy HALF = policy(0.5, 0, Long.MAX_VALUE);

    /** Ten offsets each, {@code bytes} large, written {@code age} ms ago. */
    private static SegmentFacts segment(int number, boolean clean, long bytes, long age) {
        long base = number * 10L;
        return new SegmentFacts(base, clean ? base + 10 : base, base + 10, bytes, NOW - age, NOW - age);
    }

    @Test
    void nothingIsDueInALogWithoutNewRecords() {
        assertThat(CompactionPlan.of(HALF, List.of(), NOW).isDue()).isFalse();
        CompactionPlan clean = CompactionPlan.of(policy(0, 0, 1), List.of(segment(0, true, 10, 500)), NOW);
        assertThat(clean.isDue()).isFalse();
        assertThat(clean.firstDirty()).isEqualTo(clean.count()).isEqualTo(1);
    }

    @Test
    void theShareOfNewBytesMustBeAboveTheRatio() {
        List<SegmentFacts> half = List.of(segment(0, true, 100, 500), segment(1, false, 100, 500));
        assertThat(CompactionPlan.of(HALF, half, NOW).isDue()).isFalse();
        List<SegmentFacts> more = List.of(segment(0, true, 100, 500), segment(1, false, 101, 500));
        CompactionPlan plan = CompactionPlan.of(HALF, more, NOW);
        assertThat(plan).isEqualTo(new CompactionPlan(2, 1, 10, true));
        assertThat(CompactionPlan.of(policy(0, 0, Long.MAX_VALUE), half, NOW).isDue()).isTrue();
    }

    @Test
    void whatIsYoungerThanTheMinimumLagAndAllBehindItStays() {
        List<SegmentFacts> segments = List.of(segment(0, false, 100, 500), segment(1, false, 100, 99),
                segment(2, false, 100, 500));
        assertThat(CompactionPlan.of(policy(0.5, 100, Long.MAX_VALUE), segments, NOW).count()).isEqualTo(1);
        assertThat(CompactionPlan.of(policy(0.5, 501, Long.MAX_VALUE), segments, NOW).isDue()).isFalse();
    }

    @Test
    void whatIsOlderThanTheMaximumLagIsDueWhateverTheRatio() {
        List<SegmentFacts> segments = List.of(segment(0, true, 1000, 900), segment(1, false, 1, 500));
        assertThat(CompactionPlan.of(policy(0.5, 0, 500), segments, NOW).isDue()).isFalse();
        assertThat(CompactionPlan.of(policy(0.5, 0, 499), segments, NOW).isDue()).isTrue();
    }

    @Test
    void aSegmentThatIsCleanInPartIsDirtyFromThere() {
        SegmentFacts part = new SegmentFacts(10, 14, 20, 100, NOW, NOW);
        CompactionPlan plan = CompactionPlan.of(HALF, List.of(segment(0, true, 50, 500), part), NOW);
        assertThat(plan).isEqualTo(new CompactionPlan(2, 1, 14, true));
    }
}
