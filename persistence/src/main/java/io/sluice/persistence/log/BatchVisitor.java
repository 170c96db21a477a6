package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Sees the batches of a scan, one after the other, on a thread of the store. */
@FunctionalInterface
public interface BatchVisitor {

    /**
     * Takes one batch.
     *
     * @param firstSequenceNr sequence number of the batch's first event
     * @param header its head
     * @param bytes reads the whole batch, checked against its CRC; valid only during the call and worth calling only where the records matter
     * @return whether to go on
     */
    boolean visit(long firstSequenceNr, BatchHeader header, Supplier<ByteBuffer> bytes);
}
