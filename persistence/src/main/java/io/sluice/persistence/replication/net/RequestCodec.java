package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaRequest.Append;
import io.sluice.persistence.replication.ReplicaRequest.Claim;
import io.sluice.persistence.replication.ReplicaRequest.DropSnapshots;
import io.sluice.persistence.replication.ReplicaRequest.FindSnapshot;
import io.sluice.persistence.replication.ReplicaRequest.Header;
import io.sluice.persistence.replication.ReplicaRequest.PutSnapshot;
import io.sluice.persistence.replication.ReplicaRequest.Read;
import io.sluice.persistence.replication.ReplicaRequest.Restore;
import io.sluice.persistence.replication.ReplicaRequest.Seal;
import io.sluice.persistence.replication.ReplicaRequest.Sync;

/** The bytes of {@link ReplicaRequest}s. */
final class RequestCodec {
    private RequestCodec() {
    }

    /**
     * Writes a request's frame up to its batches or snapshot, which are left to the caller.
     *
     * @param batchesLength bytes that will follow
     * @throws IllegalArgumentException if a field is beyond its limit
     */
    static void encode(ReplicaRequest request, int batchesLength, ByteBuf to) {
        switch (request) {
            case Claim claim -> begin(FrameType.CLAIM, request, to).int32(claim.configVersion()).end(0);
            case Read read -> begin(FrameType.READ, request, to).int64(read.from()).int32(read.maxBytes()).end(0);
            case Sync sync -> begin(FrameType.SYNC, request, to).epochs(sync.epochs())
                    .configuration(sync.configuration()).int64(sync.begin().offset())
                    .int64(sync.begin().sequenceNr()).int64(sync.recoveredEnd()).end(0);
            case Append append -> begin(FrameType.APPEND, request, to).int64(append.from())
                    .int32(append.previousEpoch()).int64(append.recoveredEnd())
                    .int64(append.highWatermark()).int64(append.logStart()).kind(append.kind()).end(batchesLength);
            case Seal seal -> begin(FrameType.SEAL, request, to).int32(seal.configVersion()).end(0);
            case Restore restore ->
                begin(FrameType.RESTORE, request, to).uuid(restore.loss()).int64(restore.end()).end(0);
            case PutSnapshot put ->
                begin(FrameType.PUT_SNAPSHOT, request, to).snapshotName(put.name()).end(batchesLength);
            case DropSnapshots drop ->
                begin(FrameType.DROP_SNAPSHOTS, request, to).snapshotRange(drop.range()).end(0);
            case FindSnapshot find -> begin(FrameType.FIND_SNAPSHOT, request, to).snapshotRange(find.range()).end(0);
        }
    }

    private static FrameWriter begin(FrameType type, ReplicaRequest request, ByteBuf to) {
        Header header = request.header();
        return new FrameWriter(to, type).string(header.log(), FrameWriter.LOG_CHARS_MAX).int32(header.epoch())
                .uuid(header.claimant()).replica(header.target());
    }

    /**
     * Reads a request. The batches of an Append and the content of a PutSnapshot are a slice of the frame.
     *
     * @param type the frame's type, read already
     * @throws MalformedFrameException if this is no request
     */
    static ReplicaRequest decode(FrameType type, FrameReader from) throws MalformedFrameException {
        ReplicaRequest request = switch (type) {
            case CLAIM -> new Claim(header(from), from.int32());
            case READ -> new Read(header(from), from.int64(), from.int32());
            case SYNC -> new Sync(header(from), from.epochs(), from.configuration(),
                    new LogBegin(from.int64(), from.int64()), from.int64());
            case APPEND -> new Append(header(from), from.int64(), from.int32(), from.int64(), from.int64(),
                    from.int64(), from.kind(), from.rest());
            case SEAL -> new Seal(header(from), from.int32());
            case RESTORE -> new Restore(header(from), from.uuid(), from.int64());
            case PUT_SNAPSHOT -> new PutSnapshot(header(from), from.snapshotName(), from.rest());
            case DROP_SNAPSHOTS -> new DropSnapshots(header(from), from.snapshotRange());
            case FIND_SNAPSHOT -> new FindSnapshot(header(from), from.snapshotRange());
            default -> throw new MalformedFrameException(type + " where a request must be");
        };
        from.end();
        if (request instanceof Append append && append.kind() == null && append.batches().hasRemaining()) {
            throw new MalformedFrameException("batches of no kind");
        }
        if (request instanceof Read read && read.maxBytes() < 0) {
            throw new MalformedFrameException("read of " + read.maxBytes() + " bytes");
        }
        return request;
    }

    private static Header header(FrameReader from) throws MalformedFrameException {
        return new Header(from.string(FrameWriter.LOG_CHARS_MAX), from.int32(), from.uuid(), from.replica());
    }
}
