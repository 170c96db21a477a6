package io.sluice.persistence.replication;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.Filler;
import io.sluice.persistence.log.ReplicaStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Decides for one copy of a log what a request does to it. Has no state: everything is in the {@link ReplicaStore}. Each method must run as one
 * step of {@link io.sluice.persistence.log.ReplicaLog#atomically}, and its reply may leave only when the step's stage has completed.
 */
public final class Replica {
    private final ReplicaId self;

    /** @param self the identity of the disk that holds the copies this object decides for */
    public Replica(ReplicaId self) {
        this.self = self;
    }

    /**
     * Does what a request asks for, if it may.
     *
     * @return the answer, null if another identity was meant
     * @throws IllegalArgumentException for a {@link ReplicaRequest.Read}, which needs bytes: see {@link #confirm}; and for
     *         {@link ReplicaRequest.OfSnapshots}, which change no log
     * @throws IOException if the disk refused; nothing may be answered then
     */
    public ReplicaReply handle(ReplicaRequest request, ReplicaStore store) throws IOException {
        if (!request.header().target().equals(self)) {
            return null;
        }
        return switch (request) {
            case ReplicaRequest.Claim claim -> claim(claim, store);
            case ReplicaRequest.Sync sync -> sync(sync, store);
            case ReplicaRequest.Append append -> append(append, store);
            case ReplicaRequest.Seal seal -> seal(seal, store);
            case ReplicaRequest.Restore restore -> restore(restore, store);
            case ReplicaRequest.Read read -> throw new IllegalArgumentException("read first, then confirm");
            case ReplicaRequest.OfSnapshots other -> throw new IllegalArgumentException("not about the log: " + other);
        };
    }

    /**
     * The second half of a {@link ReplicaRequest.Read}. The entries were read outside of any step. If the promise still holds afterwards, nothing
     * changed the log since it was given, so they are what the leader counts on.
     *
     * @return {@code entries}, or a reject
     */
    public ReplicaReply confirm(ReplicaReply.Entries entries, ReplicaStore store) {
        ReplicaReply.Header h = entries.header();
        return isPromised(h, store) ? entries : rejected(h, store);
    }

    /** Null if the leader that sends a request has the promise of this replica, else the reject that says so. */
    public ReplicaReply objection(ReplicaRequest request, ReplicaStore store) {
        ReplicaReply.Header h = from(request);
        return isPromised(h, store) ? null : rejected(h, store);
    }

    /**
     * Drops the copy's data, because configuration {@code version} is, or was, in force and does not name this replica. What it promised stays, so that it
     * may come back. It must not have been claimed under that configuration or a later one: then a leader has begun to bring it in again, and may count
     * what it has acknowledged since.
     *
     * @return whether there are no data, or none any more
     */
    public boolean retire(int version, ReplicaStore store) throws IOException {
        if (store.claimedConfig() >= version) {
            return false;
        }
        boolean empty = store.logEndOffset() == 0 && store.syncedEpoch() < 0;
        boolean untouched = empty && store.promisedEpoch() < 0;
        if (!untouched && !(empty && store.minConfig() >= version)) {
            store.retire(version);
        }
        return true;
    }

    private ReplicaReply claim(ReplicaRequest.Claim claim, ReplicaStore store) throws IOException {
        ReplicaReply.Header h = from(claim);
        if (claim.configVersion() < store.minConfig()) {
            return new ReplicaReply.Reject(h, store.promisedEpoch(), store.minConfig(), true);
        }
        boolean again = isPromised(h, store);
        if (!again && h.epoch() <= store.promisedEpoch()) {
            return rejected(h, store);
        }
        if (!again || claim.configVersion() > store.claimedConfig()) {
            store.promise(h.epoch(), h.claimant(), claim.configVersion());
        }
        return new ReplicaReply.Promise(h, store.syncedEpoch(), store.epochs(), store.configuration(),
                store.logStartOffset(), store.begin(), store.logEndOffset(), store.highestSequenceNr(),
                store.loss() != null);
    }

    private ReplicaReply sync(ReplicaRequest.Sync sync, ReplicaStore store) throws IOException {
        ReplicaReply.Header h = from(sync);
        if (!isPromised(h, store)) {
            return rejected(h, store);
        }
        if (isSynced(h, store)) {
            // Never truncates: the message may be late. What ends before the leader's oldest batch is committed and deleted, so it may be left out.
            if (store.logEndOffset() < sync.begin().offset()) {
                store.restartAt(sync.begin(), sync.configuration());
            }
            return acknowledged(h, store);
        }
        cutToCommonPrefix(sync, store);
        return storedOrSynced(h, sync.recoveredEnd(), store);
    }

    private static void cutToCommonPrefix(ReplicaRequest.Sync sync, ReplicaStore store) throws IOException {
        EpochHistory mine = store.epochs();
        long end = store.logEndOffset();
        // what is below the own log start was committed, so all logs agree on it
        long common = Math.max(mine.commonEnd(end, sync.epochs(), sync.recoveredEnd()), store.logStartOffset());
        if (common < sync.begin().offset()) {
            store.restartAt(sync.begin(), sync.configuration());
        } else if (common < end) {
            store.truncate(common);
        }
    }

    private ReplicaReply append(ReplicaRequest.Append append, ReplicaStore store) throws IOException {
        ReplicaReply.Header h = from(append);
        if (!isPromised(h, store)) {
            return rejected(h, store);
        }
        long end = store.logEndOffset();
        boolean synced = isSynced(h, store);
        if (synced ? append.from() > end : append.from() != end || !follows(append, store)) {
            return synced && store.loss() != null ? acknowledged(h, store) : new ReplicaReply.Nack(h, end, !synced);
        }
        storeWhatIsMissing(append, store);
        ReplicaReply reply = synced ? acknowledged(h, store) : storedOrSynced(h, append.recoveredEnd(), store);
        if (!(reply instanceof ReplicaReply.Ack)) {
            return reply;
        }
        store.raiseHighWatermark(Math.min(append.highWatermark(), store.logEndOffset()));
        store.raiseLogStart(append.logStart());
        return ack(h, store);
    }

    /** Whether the entry before the batches is the last one of this log, so that this log is a prefix of the leader's. */
    private static boolean follows(ReplicaRequest.Append append, ReplicaStore store) {
        long end = store.logEndOffset();
        if (end == store.logStartOffset()) {
            return true;
        }
        int last = store.epochs().epochAt(end - 1);
        return last >= 0 && last == append.previousEpoch();
    }

    private static void storeWhatIsMissing(ReplicaRequest.Append append, ReplicaStore store) throws IOException {
        ByteBuffer batches = append.batches();
        long end = store.logEndOffset();
        int at = batches.position();
        while (at < batches.limit() && BatchHeader.nextOffset(batches, at) <= end) {
            at += BatchHeader.sizeInBytes(batches, at);
        }
        if (at < batches.limit() && batches.getLong(at) < end && append.kind() == EntryBatch.Kind.RECORDS) {
            BatchHeader removed = BatchHeader.read(batches, at);
            if (removed.isFiller()) { // this log has some of the batches that the leader's compaction has removed
                store.append(Filler.from(end, removed), append.kind());
                at += removed.sizeInBytes();
            }
        }
        if (at < batches.limit()) {
            store.append(batches.duplicate().position(at), append.kind());
        }
    }

    private ReplicaReply seal(ReplicaRequest.Seal seal, ReplicaStore store) throws IOException {
        ReplicaReply.Header h = from(seal);
        if (!isPromised(h, store)) {
            return rejected(h, store);
        }
        if (store.minConfig() <= seal.configVersion()) {
            store.raiseMinConfig(seal.configVersion() + 1);
        }
        return new ReplicaReply.Sealed(h, seal.configVersion());
    }

    private ReplicaReply restore(ReplicaRequest.Restore restore, ReplicaStore store) throws IOException {
        ReplicaReply.Header h = from(restore);
        if (!isPromised(h, store)) {
            return rejected(h, store);
        }
        if (!isSynced(h, store)) {
            return new ReplicaReply.Nack(h, store.logEndOffset(), true);
        }
        if (restore.loss().equals(store.loss()) && store.logEndOffset() >= restore.end()) {
            store.restored();
        }
        return acknowledged(h, store);
    }

    /** What a synced replica says of its log: a suspect one may lack what it had acknowledged, so it acknowledges nothing. */
    private static ReplicaReply acknowledged(ReplicaReply.Header h, ReplicaStore store) {
        return store.loss() == null
                ? ack(h, store)
                : new ReplicaReply.Suspect(h, store.logEndOffset(), store.loss());
    }

    /** The log is a prefix of the leader's: it is synced as soon as it has everything that the leader recovered. */
    private static ReplicaReply storedOrSynced(ReplicaReply.Header h, long recoveredEnd, ReplicaStore store)
            throws IOException {
        long end = store.logEndOffset();
        if (end < recoveredEnd) {
            return new ReplicaReply.Stored(h, end);
        }
        store.synced(h.epoch());
        return ack(h, store);
    }

    private static ReplicaReply.Ack ack(ReplicaReply.Header h, ReplicaStore store) {
        return new ReplicaReply.Ack(h, store.logEndOffset(), store.logStartOffset());
    }

    private static boolean isPromised(ReplicaReply.Header h, ReplicaStore store) {
        return store.promisedEpoch() == h.epoch() && h.claimant().equals(store.promisedTo());
    }

    private static boolean isSynced(ReplicaReply.Header h, ReplicaStore store) {
        return store.syncedEpoch() == h.epoch();
    }

    private static ReplicaReply rejected(ReplicaReply.Header h, ReplicaStore store) {
        return new ReplicaReply.Reject(h, store.promisedEpoch(), store.minConfig(), false);
    }

    private ReplicaReply.Header from(ReplicaRequest request) {
        ReplicaRequest.Header h = request.header();
        return new ReplicaReply.Header(h.log(), h.epoch(), h.claimant(), self);
    }
}
