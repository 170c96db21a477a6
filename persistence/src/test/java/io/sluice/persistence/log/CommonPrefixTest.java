package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.List;

class CommonPrefixTest {

    @Test
    void walksBackOverTheEpochsThatOnlyOneLogHas() {
        EpochHistory one = EpochHistory.EMPTY.with(1, 0).with(3, 10);
        EpochHistory other = EpochHistory.EMPTY.with(1, 0).with(2, 8).with(4, 20);
        assertThat(one.commonEnd(15, other, 25)).isEqualTo(8);
        assertThat(other.commonEnd(25, one, 15)).isEqualTo(8);
    }

    @Test
    void endsWhereTheShorterLogEnds() {
        EpochHistory history = EpochHistory.EMPTY.with(1, 0).with(3, 10);
        assertThat(history.commonEnd(15, history, 12)).isEqualTo(12);
        assertThat(history.commonEnd(15, EpochHistory.EMPTY, 0)).isZero();
    }

    @Test
    void knowsNothingOfEntriesBeforeTheFirstEpoch() {
        EpochHistory whole = EpochHistory.EMPTY.with(1, 0).with(3, 10);
        EpochHistory cut = EpochHistory.EMPTY.with(4, 12);
        assertThat(whole.commonEnd(14, cut, 20)).isZero();
    }

    /** Epochs decide as a walk from entry to entry would. */
    @Property
    void equalsTheWalkEntryByEntry(@ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> one,
            @ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> other) {
        int[] a = epochs(one);
        int[] b = epochs(other);
        int common = Math.min(a.length, b.length);
        while (common > 0 && a[common - 1] != b[common - 1]) {
            common--;
        }
        assertThat(history(a).commonEnd(a.length, history(b), b.length)).isEqualTo(common);
    }

    private static int[] epochs(List<Integer> steps) {
        int[] epochs = new int[steps.size()];
        for (int i = 0, epoch = 0; i < epochs.length; i++) {
            epoch += steps.get(i);
            epochs[i] = epoch;
        }
        return epochs;
    }

    private static EpochHistory history(int[] epochs) {
        EpochHistory history = EpochHistory.EMPTY;
        for (int i = 0; i < epochs.length; i++) {
            if (epochs[i] > history.latest()) {
                history = history.with(epochs[i], i);
            }
        }
        return history;
    }
}
