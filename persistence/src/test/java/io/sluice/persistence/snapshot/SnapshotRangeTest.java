package io.sluice.persistence.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnapshotRangeTest {
    private static final SnapshotRange SOME = new SnapshotRange(10, 20, 100, 200);

    @Test
    void itsBoundsBelongToIt() {
        assertThat(SOME.contains(new SnapshotName(10, 100))).isTrue();
        assertThat(SOME.contains(new SnapshotName(20, 200))).isTrue();
        assertThat(SOME.contains(new SnapshotName(9, 150))).isFalse();
        assertThat(SOME.contains(new SnapshotName(21, 150))).isFalse();
        assertThat(SOME.contains(new SnapshotName(15, 99))).isFalse();
        assertThat(SOME.contains(new SnapshotName(15, 201))).isFalse();
    }

    @Test
    void whatIsNewerThanASnapshotBeginsBehindIt() {
        assertThat(SOME.after(9)).isEqualTo(SOME);
        assertThat(SOME.after(15)).isEqualTo(new SnapshotRange(16, 20, 100, 200));
        assertThat(SOME.after(20).isEmpty()).isTrue();
        assertThat(SOME.after(19).isEmpty()).isFalse();
    }

    @Test
    void nothingIsInARangeWithoutEvents() {
        assertThat(new SnapshotRange(0, 0, 0, 0).isEmpty()).isTrue();
        assertThat(new SnapshotRange(0, 1, 0, Long.MAX_VALUE).isEmpty()).isFalse();
        assertThat(new SnapshotRange(0, 1, 2, 1).isEmpty()).isTrue();
    }
}
