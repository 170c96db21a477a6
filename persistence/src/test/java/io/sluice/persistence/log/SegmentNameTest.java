package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.log.SegmentName.Cleaning;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentNameTest {

    @Test
    void aNameSaysWhatItHolds() {
        SegmentName plain = new SegmentName(12, 3);
        assertThat(plain.logFile()).isEqualTo("00000000000000000012.3.log");
        assertThat(SegmentName.parse(plain.logFile())).isEqualTo(plain);
        SegmentName cleaned = new SegmentName(12, 3, new Cleaning(2, 40, 50));
        assertThat(cleaned.indexFile()).isEqualTo("00000000000000000012.3.c2-40-50.index");
        assertThat(SegmentName.parse(cleaned.logFile())).isEqualTo(cleaned);
        assertThat(SegmentName.parse(cleaned.logFile() + ".cleaned")).isNull();
    }

    @Test
    void aCompactedSegmentReplacesTheOlderOnesInItsRange() {
        SegmentName zero = new SegmentName(0, 1);
        SegmentName ten = new SegmentName(10, 2);
        SegmentName twenty = new SegmentName(20, 3);
        SegmentName cleanedZero = new SegmentName(0, 1, new Cleaning(1, 10, 10));
        SegmentName cleanedTen = new SegmentName(10, 2, new Cleaning(1, 20, 20));
        SegmentName both = new SegmentName(0, 1, new Cleaning(2, 20, 20));
        assertThat(SegmentName.current(List.of(twenty, ten, zero))).containsExactly(zero, ten, twenty);
        assertThat(SegmentName.current(List.of(twenty, zero, cleanedZero, ten))).containsExactly(cleanedZero, ten,
                twenty);
        assertThat(SegmentName.current(List.of(cleanedZero, both, cleanedTen, ten, twenty))).containsExactly(both,
                twenty);
    }
}
