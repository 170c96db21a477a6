package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EpochHistory;
import java.nio.ByteBuffer;

/** The leader's own log as its followers need to know it. */
final class LeaderLog {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Claimant claimant;
    private final EpochHistory recovered;
    private final long recoveredEnd;
    private ConfigurationHistory configuration;
    private long start;
    private long deletedTo;
    private long end;
    private long highWatermark;

    /** @param own what the own replica says of itself once it is recovered */
    LeaderLog(Claimant claimant, ReplicaReply.Promise own) {
        this.claimant = claimant;
        this.recovered = own.epochs();
        this.configuration = own.configuration();
        this.recoveredEnd = own.logEnd();
        this.end = own.logEnd();
        this.start = own.logStart();
        this.deletedTo = own.deletedTo();
    }

    long recoveredEnd() {
        return recoveredEnd;
    }

    long start() {
        return start;
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

    void startAt(long newStart, long newDeletedTo) {
        if (newStart > start) {
            start = newStart;
            deletedTo = newDeletedTo;
        }
    }

    /** Returns whether it moved. */
    boolean raiseHighWatermark(long offset) {
        boolean moved = offset > highWatermark;
        highWatermark = Math.max(highWatermark, offset);
        return moved;
    }

    ReplicaRequest.Sync sync(ReplicaId target) {
        return new ReplicaRequest.Sync(claimant.to(target), recovered, configuration.before(start), start, deletedTo,
                recoveredEnd);
    }

    /** An append without entries. {@code from} must be where an entry of this log ends. */
    ReplicaRequest.Append append(ReplicaId target, long from) {
        int previousEpoch = from > recoveredEnd ? claimant.epoch() : recovered.epochAt(from - 1);
        return new ReplicaRequest.Append(claimant.to(target), from, previousEpoch, recoveredEnd, highWatermark,
                start, null, NOTHING);
    }
}
