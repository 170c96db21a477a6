package io.sluice.kafka.fetch;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.persistence.log.LogView;
import java.util.Optional;

/** Which leader epoch a position of a log belongs to, and where an epoch ended (KIP-101, KIP-279, KIP-320). */
final class Epochs {
    private Epochs() {
    }

    /**
     * The epoch of the record at an offset, or of the next record there will be. The view knows where each epoch ends, so the first one that
     * ends behind the offset is looked for by halves.
     */
    static int at(ActivePartition partition, LogView view, long offset) {
        int low = 0;
        int high = view.latestEpoch();
        if (offset >= view.logEndOffset() || high < 0) {
            return partition.leaderEpoch();
        }
        while (low < high) {
            int middle = low + (high - low) / 2;
            boolean endsBehind = view.endOf(middle).filter(end -> end.endOffset() > offset).isPresent();
            if (endsBehind) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * The last epoch up to the asked one and the offset at which the next began.
     *
     * @return empty if the asked epoch is yet to come
     */
    static Optional<LogView.EpochEnd> end(ActivePartition partition, LogView view, int epoch) {
        if (epoch > partition.leaderEpoch()) {
            return Optional.empty();
        }
        if (epoch == partition.leaderEpoch()) {
            return Optional.of(new LogView.EpochEnd(epoch, view.highWatermark()));
        }
        // older than all that is left: it ended where the log begins
        return view.endOf(epoch).or(() -> Optional.of(new LogView.EpochEnd(epoch, view.logStartOffset())));
    }
}
