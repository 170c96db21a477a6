package io.sluice.kafka.fetch;

import io.sluice.actors.partition.ActivePartition;
import io.sluice.persistence.log.LogView;
import io.sluice.persistence.log.LogView.TimestampedOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/** Answers what ListOffsets asks of one partition: a timestamp, or one of the negative values that stand for a place in the log. */
final class OffsetQuery {
    /** Not the offset of any record: an empty log, or no tiered storage. */
    static final TimestampedOffset NOTHING = new TimestampedOffset(-1, -1, -1);

    private static final short MAX_TIMESTAMP_VERSION = 7;
    private static final short EARLIEST_LOCAL_VERSION = 8;
    private static final short LATEST_TIERED_VERSION = 9;
    private static final short EARLIEST_PENDING_UPLOAD_VERSION = 11;

    private OffsetQuery() {
    }

    /** Fails with {@link UnsupportedVersionException} for a place that the version has not. */
    static CompletionStage<TimestampedOffset> answer(ActivePartition partition, short version, long timestamp) {
        LogView view = partition.log().view();
        if (timestamp >= 0) {
            return view.firstAtOrAfter(timestamp).thenApply(found -> committed(view, found));
        }
        return switch ((int) Math.max(timestamp, Integer.MIN_VALUE)) {
            case (int) ListOffsetsRequest.LATEST_TIMESTAMP -> place(partition, view, view.highWatermark());
            case (int) ListOffsetsRequest.EARLIEST_TIMESTAMP -> place(partition, view, view.logStartOffset());
            case (int) ListOffsetsRequest.MAX_TIMESTAMP -> from(version, MAX_TIMESTAMP_VERSION)
                    ? view.withLargestTimestamp().thenApply(found -> committed(view, found))
                    : unsupported(timestamp, version);
            case (int) ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP -> from(version, EARLIEST_LOCAL_VERSION)
                    ? place(partition, view, view.logStartOffset())
                    : unsupported(timestamp, version);
            case (int) ListOffsetsRequest.LATEST_TIERED_TIMESTAMP -> from(version, LATEST_TIERED_VERSION)
                    ? CompletableFuture.completedFuture(NOTHING)
                    : unsupported(timestamp, version);
            case (int) ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP ->
                from(version, EARLIEST_PENDING_UPLOAD_VERSION)
                        ? CompletableFuture.completedFuture(NOTHING)
                        : unsupported(timestamp, version);
            default -> unsupported(timestamp, version);
        };
    }

    private static boolean from(short version, short first) {
        return version >= first;
    }

    private static TimestampedOffset committed(LogView view, Optional<TimestampedOffset> found) {
        return found.filter(record -> record.offset() < view.highWatermark()).orElse(NOTHING);
    }

    private static CompletionStage<TimestampedOffset> place(ActivePartition partition, LogView view, long offset) {
        return CompletableFuture
                .completedFuture(new TimestampedOffset(-1, offset, Epochs.at(partition, view, offset)));
    }

    private static CompletionStage<TimestampedOffset> unsupported(long timestamp, short version) {
        return CompletableFuture.failedStage(
                new UnsupportedVersionException("timestamp " + timestamp + " in ListOffsets of version " + version));
    }
}
