package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.net.MalformedFrameException;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaReply.Ack;
import io.sluice.persistence.replication.ReplicaReply.Entries;
import io.sluice.persistence.replication.ReplicaReply.Header;
import io.sluice.persistence.replication.ReplicaReply.Nack;
import io.sluice.persistence.replication.ReplicaReply.NoSnapshot;
import io.sluice.persistence.replication.ReplicaReply.Promise;
import io.sluice.persistence.replication.ReplicaReply.Reject;
import io.sluice.persistence.replication.ReplicaReply.Sealed;
import io.sluice.persistence.replication.ReplicaReply.Snapshot;
import io.sluice.persistence.replication.ReplicaReply.SnapshotStored;
import io.sluice.persistence.replication.ReplicaReply.Stored;
import io.sluice.persistence.replication.ReplicaReply.Suspect;

/** The bytes of {@link ReplicaReply}s. */
final class ReplyCodec {
    private ReplyCodec() {
    }

    /**
     * Writes a reply's frame up to its batches or snapshot, which are left to the caller.
     *
     * @param batchesLength bytes that will follow
     * @throws IllegalArgumentException if a field is beyond its limit
     */
    static void encode(ReplicaReply reply, int batchesLength, ByteBuf to) {
        switch (reply) {
            case Promise promise -> begin(FrameType.PROMISE, reply, to).int32(promise.synced())
                    .epochs(promise.epochs()).configuration(promise.configuration()).int64(promise.logStart())
                    .int64(promise.begin().offset()).int64(promise.begin().sequenceNr())
                    .int64(promise.logEnd()).int64(promise.highestSequenceNr()).bool(promise.suspect()).end(0);
            case Reject reject -> begin(FrameType.REJECT, reply, to).int32(reject.promisedEpoch())
                    .int32(reject.minConfig()).bool(reject.sealed()).end(0);
            case Entries entries ->
                begin(FrameType.ENTRIES, reply, to).int64(entries.from()).kind(entries.kind()).end(batchesLength);
            case Stored stored -> begin(FrameType.STORED, reply, to).int64(stored.logEnd()).end(0);
            case Ack ack ->
                begin(FrameType.ACK, reply, to).int64(ack.logEnd()).int64(ack.logStart()).end(0);
            case Nack nack -> begin(FrameType.NACK, reply, to).int64(nack.logEnd()).bool(nack.needsSync()).end(0);
            case Suspect suspect ->
                begin(FrameType.SUSPECT, reply, to).int64(suspect.logEnd()).uuid(suspect.loss()).end(0);
            case Sealed sealed -> begin(FrameType.SEALED, reply, to).int32(sealed.configVersion()).end(0);
            case SnapshotStored stored ->
                begin(FrameType.SNAPSHOT_STORED, reply, to).snapshotName(stored.name()).end(0);
            case Snapshot found -> begin(FrameType.SNAPSHOT, reply, to).snapshotName(found.name()).end(batchesLength);
            case NoSnapshot none -> begin(FrameType.NO_SNAPSHOT, reply, to).end(0);
        }
    }

    private static FrameWriter begin(FrameType type, ReplicaReply reply, ByteBuf to) {
        Header header = reply.header();
        return new FrameWriter(to, type).string(header.log(), FrameWriter.LOG_CHARS_MAX).int32(header.epoch())
                .uuid(header.claimant()).replica(header.source());
    }

    /**
     * Reads a reply. The batches of Entries and the content of a Snapshot are a slice of the frame.
     *
     * @param type the frame's type, read already
     * @throws MalformedFrameException if this is no reply
     */
    static ReplicaReply decode(FrameType type, FrameReader from) throws MalformedFrameException {
        ReplicaReply reply = switch (type) {
            case PROMISE -> new Promise(header(from), from.int32(), from.epochs(), from.configuration(), from.int64(),
                    new LogBegin(from.int64(), from.int64()), from.int64(), from.int64(), from.bool());
            case REJECT -> new Reject(header(from), from.int32(), from.int32(), from.bool());
            case ENTRIES -> new Entries(header(from), from.int64(), from.kind(), from.rest());
            case STORED -> new Stored(header(from), from.int64());
            case ACK -> new Ack(header(from), from.int64(), from.int64());
            case NACK -> new Nack(header(from), from.int64(), from.bool());
            case SUSPECT -> new Suspect(header(from), from.int64(), from.uuid());
            case SEALED -> new Sealed(header(from), from.int32());
            case SNAPSHOT_STORED -> new SnapshotStored(header(from), from.snapshotName());
            case SNAPSHOT -> new Snapshot(header(from), from.snapshotName(), from.rest());
            case NO_SNAPSHOT -> new NoSnapshot(header(from));
            default -> throw new MalformedFrameException(type + " where a reply must be");
        };
        from.end();
        if (reply instanceof Entries entries && entries.kind() == null && entries.batches().hasRemaining()) {
            throw new MalformedFrameException("batches of no kind");
        }
        return reply;
    }

    private static Header header(FrameReader from) throws MalformedFrameException {
        return new Header(from.string(FrameWriter.LOG_CHARS_MAX), from.int32(), from.uuid(), from.replica());
    }
}
