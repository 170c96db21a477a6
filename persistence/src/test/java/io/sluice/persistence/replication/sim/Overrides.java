package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.ReplicaStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A store that lies where a mutation overrides it. */
class Overrides implements ReplicaStore {
    private final ReplicaStore store;

    Overrides(ReplicaStore store) {
        this.store = store;
    }

    @Override
    public int promisedEpoch() {
        return store.promisedEpoch();
    }

    @Override
    public UUID promisedTo() {
        return store.promisedTo();
    }

    @Override
    public int syncedEpoch() {
        return store.syncedEpoch();
    }

    @Override
    public int minConfig() {
        return store.minConfig();
    }

    @Override
    public int claimedConfig() {
        return store.claimedConfig();
    }

    @Override
    public UUID loss() {
        return store.loss();
    }

    @Override
    public EpochHistory epochs() {
        return store.epochs();
    }

    @Override
    public ConfigurationHistory configuration() {
        return store.configuration();
    }

    @Override
    public long logStartOffset() {
        return store.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return store.logEndOffset();
    }

    @Override
    public long highestSequenceNr() {
        return store.highestSequenceNr();
    }

    @Override
    public LogBegin begin() {
        return store.begin();
    }

    @Override
    public void promise(int epoch, UUID claimant, int config) throws IOException {
        store.promise(epoch, claimant, config);
    }

    @Override
    public void raiseMinConfig(int version) throws IOException {
        store.raiseMinConfig(version);
    }

    @Override
    public void synced(int epoch) throws IOException {
        store.synced(epoch);
    }

    @Override
    public void restored() throws IOException {
        store.restored();
    }

    @Override
    public void truncate(long endOffset) throws IOException {
        store.truncate(endOffset);
    }

    @Override
    public void restartAt(LogBegin begin, ConfigurationHistory before) throws IOException {
        store.restartAt(begin, before);
    }

    @Override
    public void retire(int version) throws IOException {
        store.retire(version);
    }

    @Override
    public void append(ByteBuffer batches, EntryBatch.Kind kind) throws IOException {
        store.append(batches, kind);
    }

    @Override
    public void raiseHighWatermark(long offset) {
        store.raiseHighWatermark(offset);
    }

    @Override
    public void raiseLogStart(long offset) throws IOException {
        store.raiseLogStart(offset);
    }
}
