package io.sluice.clusterconfig.cli;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends records without waiting for each, and counts those that are acknowledged; the first failure ends it. For one thread. */
final class Sending {
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Sending(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Sends one record; false if one that was sent before has failed. May wait for room in the client's buffer. */
    boolean send(ProducerRecord<byte[], byte[]> record) {
        int size = (record.key() == null ? 0 : record.key().length) + record.value().length;
        Future<RecordMetadata> unused = producer.send(record, (metadata, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            } else {
                acknowledged.incrementAndGet();
                bytes.addAndGet(size);
            }
        });
        return failure.get() == null;
    }

    /** Waits until all is acknowledged or has failed; the first failure, or null. */
    Exception finish() {
        producer.flush();
        return failure.get();
    }

    /** Records acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Bytes of their keys and values. */
    long bytes() {
        return bytes.get();
    }
}
