package io.sluice.persistence.replication.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Messages of all types with any contents, and their bytes. */
final class Messages {
    static final ReplicaId SOME = new ReplicaId("disk");

    private Messages() {
    }

    static List<ReplicaRequest> requests(Random random) {
        return requests(random, replica(random));
    }

    static List<ReplicaRequest> requests(Random random, ReplicaId target) {
        ReplicaRequest.Header header = new ReplicaRequest.Header(text(random, 60), random.nextInt(), uuid(random),
                target);
        ByteBuffer batches = batches(random);
        return List.of(new ReplicaRequest.Claim(header, random.nextInt()),
                new ReplicaRequest.Read(header, random.nextLong(), random.nextInt(Integer.MAX_VALUE)),
                new ReplicaRequest.Sync(header, epochs(random), configuration(random), begin(random),
                        random.nextLong()),
                new ReplicaRequest.Append(header, random.nextLong(), random.nextInt(), random.nextLong(),
                        random.nextLong(), random.nextLong(), kind(random, batches), batches),
                new ReplicaRequest.Seal(header, random.nextInt()),
                new ReplicaRequest.Restore(header, uuid(random), random.nextLong()),
                new ReplicaRequest.PutSnapshot(header, snapshot(random), batches(random)),
                new ReplicaRequest.DropSnapshots(header, range(random)),
                new ReplicaRequest.FindSnapshot(header, range(random)));
    }

    private static LogBegin begin(Random random) {
        return new LogBegin(random.nextLong(), random.nextLong());
    }

    static List<ReplicaReply> replies(Random random) {
        ReplicaReply.Header header = new ReplicaReply.Header(text(random, 60), random.nextInt(), uuid(random),
                replica(random));
        ByteBuffer batches = batches(random);
        return List.of(
                new ReplicaReply.Promise(header, random.nextInt(), epochs(random), configuration(random),
                        random.nextLong(), begin(random), random.nextLong(), random.nextLong(),
                        random.nextBoolean()),
                new ReplicaReply.Reject(header, random.nextInt(), random.nextInt(), random.nextBoolean()),
                new ReplicaReply.Entries(header, random.nextLong(), kind(random, batches), batches),
                new ReplicaReply.Stored(header, random.nextLong()),
                new ReplicaReply.Ack(header, random.nextLong(), random.nextLong()),
                new ReplicaReply.Nack(header, random.nextLong(), random.nextBoolean()),
                new ReplicaReply.Suspect(header, random.nextLong(), uuid(random)),
                new ReplicaReply.Sealed(header, random.nextInt()),
                new ReplicaReply.SnapshotStored(header, snapshot(random)),
                new ReplicaReply.Snapshot(header, snapshot(random), batches(random)),
                new ReplicaReply.NoSnapshot(header));
    }

    /** Frames of all messages without their length. */
    static List<byte[]> samples(Random random) {
        List<byte[]> samples = new ArrayList<>();
        requests(random).forEach(request -> samples.add(encoded(request)));
        replies(random).forEach(reply -> samples.add(encoded(reply)));
        return samples;
    }

    static byte[] encoded(ReplicaRequest request) {
        return bytes(OutgoingFrame.of(UnpooledByteBufAllocator.DEFAULT, request, null, Integer.MAX_VALUE));
    }

    static byte[] encoded(ReplicaReply reply) {
        return bytes(OutgoingFrame.of(UnpooledByteBufAllocator.DEFAULT, reply, null, Integer.MAX_VALUE));
    }

    private static byte[] bytes(OutgoingFrame frame) {
        try {
            return withoutLength(frame.head());
        } finally {
            frame.release();
        }
    }

    /** A frame's bytes; fails if its length is not what it says. */
    static byte[] withoutLength(ByteBuf frame) {
        byte[] bytes = new byte[frame.readInt()];
        frame.readBytes(bytes);
        if (frame.isReadable()) {
            throw new AssertionError(frame.readableBytes() + " bytes behind the frame");
        }
        return bytes;
    }

    /** A frame with its length, as it is sent. */
    static ByteBuf withLength(byte[] frame) {
        return Unpooled.buffer(4 + frame.length).writeInt(frame.length).writeBytes(frame);
    }

    private static String text(Random random, int charsMax) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(charsMax); i > 0; i--) {
            // any UTF-16 code unit: persistence ids are not always proper text
            text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(26) : random.nextInt(0x10000)));
        }
        return text.toString();
    }

    private static UUID uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static ReplicaId replica(Random random) {
        return new ReplicaId(text(random, 30));
    }

    private static EpochHistory epochs(Random random) {
        EpochHistory epochs = EpochHistory.EMPTY;
        int epoch = 0;
        long start = 0;
        for (int i = random.nextInt(20); i > 0; i--) {
            epochs = epochs.with(epoch, start);
            epoch += 1 + random.nextInt(5);
            start += 1 + random.nextInt(1000);
        }
        return epochs;
    }

    private static ConfigurationHistory configuration(Random random) {
        ConfigurationHistory configuration = ConfigurationHistory.EMPTY;
        long offset = random.nextInt(10);
        for (int i = random.nextInt(5); i > 0; i--) {
            configuration = configuration.with(new ConfigurationEntry(offset,
                    random.ints(random.nextInt(5)).mapToObj(n -> text(random, 30)).toList()));
            offset += 1 + random.nextInt(1000);
        }
        return configuration;
    }

    private static ByteBuffer batches(Random random) {
        byte[] batches = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(500)];
        random.nextBytes(batches);
        return ByteBuffer.wrap(batches);
    }

    private static SnapshotName snapshot(Random random) {
        return new SnapshotName(random.nextLong() >>> 1, random.nextLong() >>> 1);
    }

    private static SnapshotRange range(Random random) {
        return new SnapshotRange(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** What follows the fields of a message. */
    static ByteBuffer content(ReplicaRequest request) {
        return switch (request) {
            case ReplicaRequest.Append append -> append.batches();
            case ReplicaRequest.PutSnapshot put -> put.content();
            default -> ByteBuffer.allocate(0);
        };
    }

    /** As the other, of a reply. */
    static ByteBuffer content(ReplicaReply reply) {
        return switch (reply) {
            case ReplicaReply.Entries entries -> entries.batches();
            case ReplicaReply.Snapshot found -> found.content();
            default -> ByteBuffer.allocate(0);
        };
    }

    private static EntryBatch.Kind kind(Random random, ByteBuffer batches) {
        EntryBatch.Kind kind = random.nextBoolean() ? EntryBatch.Kind.RECORDS : EntryBatch.Kind.EVENTS;
        return batches.hasRemaining() || random.nextBoolean() ? kind : null;
    }
}
