package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.LogBegin;
import java.nio.ByteBuffer;

/** The leader's own log as its followers need to know it. */
final class LeaderLog {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Claimant claimant;
    private final EpochHistory recovered;
    private final long recoveredEnd;
    private ConfigurationHistory configuration;
    private long start;
    private LogBegin begin;
    private long end;
    private long highWatermark;

    /**
     * @param own what the own replica says of itself once it is recovered
     * @param deletedTo where another copy starts, because what is before is deleted
     */
    LeaderLog(Claimant claimant, ReplicaReply.Promise own, long deletedTo) {
        this.claimant = claimant;
        this.recovered = own.epochs();
        this.configuration = own.configuration();
        this.recoveredEnd = own.logEnd();
        this.end = own.logEnd();
        this.start = Math.max(own.logStart(), Math.min(deletedTo, own.logEnd()));
        this.begin = own.begin();
    }

    long recoveredEnd() {
        return recoveredEnd;
    }

    long start() {
        return start;
    }

    /** Where the oldest batch begins, from which on it can be sent. */
    LogBegin begin() {
        return begin;
    }

    long end() {
        return end;
    }

    long highWatermark() {
        return highWatermark;
    }

    ConfigurationHistory configuration() {
        return configuration;
    }

    /** The entry is about to be appended. */
    void configurationAppended(ConfigurationEntry entry) {
        configuration = configuration.with(entry);
    }

    void extendTo(long newEnd) {
        end = Math.max(end, newEnd);
    }

    void startAt(long newStart, LogBegin newBegin) {
        start = Math.max(start, newStart);
        if (newBegin.offset() > begin.offset()) {
            begin = newBegin;
        }
    }

    /** Returns whether it moved. */
    boolean raiseHighWatermark(long offset) {
        boolean moved = offset > highWatermark;
        highWatermark = Math.max(highWatermark, offset);
        return moved;
    }

    ReplicaRequest.Sync sync(ReplicaId target) {
        return new ReplicaRequest.Sync(claimant.to(target), recovered, configuration.before(begin.offset()), begin,
                recoveredEnd);
    }

    /** An append without entries. {@code from} must be where an entry of this log ends. */
    ReplicaRequest.Append append(ReplicaId target, long from) {
        int previousEpoch = from > recoveredEnd ? claimant.epoch() : recovered.epochAt(from - 1);
        return new ReplicaRequest.Append(claimant.to(target), from, previousEpoch, recoveredEnd, highWatermark,
                start, null, NOTHING);
    }
}
