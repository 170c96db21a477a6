package io.sluice.persistence;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;

/**
 * A Kafka record batch as the event of a persistent actor. The journal stores its bytes as they are, without a serialiser; one batch is one
 * sequence number. An actor that persists one of these persists nothing else.
 *
 * <p>The actor sets base offset and leader epoch ({@link BatchHeader#patch}) before it persists. The bytes must stay untouched until the
 * persist handler ran. At replay the journal hands out the {@link BatchHeader} alone, because recovery never needs the records.
 *
 * @param bytes the batch between position and limit; direct saves a copy
 * @param header its head as stored, patched
 */
public record RecordBatch(ByteBuffer bytes, BatchHeader header) {}
