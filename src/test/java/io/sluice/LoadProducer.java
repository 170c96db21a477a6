package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;

/**
 * One idempotent producer under load, on a thread of its own, that remembers what the node acknowledged. A value is the producer's name and
 * a number that grows by one with each record, over all partitions.
 */
final class LoadProducer implements AutoCloseable {

    /** Records on the way at any time; what a node's death may leave open. */
    private static final int IN_FLIGHT = 400;
    /** Records sent between two pauses. */
    private static final int BURST = 20;
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);

    /** What was acknowledged: this value is at this place. The offset is -1 if the node only knows that it has the record already. */
    record Acknowledged(String value, int partition, long offset) {

        /** As this, with the offset of {@code found} if this has none. */
        Acknowledged at(Acknowledged found) {
            return offset >= 0 || found == null ? this : new Acknowledged(value, partition, found.offset());
        }
    }

    private final String name;
    private final String topic;
    private final int partitions;
    private final long pauseNanos;
    private final Producer<byte[], byte[]> producer;
    private final Semaphore window = new Semaphore(IN_FLIGHT);
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean running = true;

    /** One that sends as fast as it is answered. */
    LoadProducer(String name, String bootstrap, String topic, int partitions) {
        this(name, bootstrap, topic, partitions, Integer.MAX_VALUE);
    }

    /** @param recordsPerSecond the most it sends */
    LoadProducer(String name, String bootstrap, String topic, int partitions, int recordsPerSecond) {
        this.name = name;
        this.pauseNanos = BURST * TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
        this.topic = topic;
        this.partitions = partitions;
        this.producer = JavaClients.producer(bootstrap, "acks", "all", "linger.ms", "1", "delivery.timeout.ms",
                "120000",
                "request.timeout.ms", "5000", "reconnect.backoff.max.ms", "200", "retry.backoff.max.ms", "200");
        thread.start();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told of failures
    private void run() {
        try {
            while (running) {
                window.acquire();
                long number = sent.getAndIncrement();
                String value = name + "-" + number;
                producer.send(new ProducerRecord<>(topic, (int) (number % partitions), null, value.getBytes(UTF_8)),
                        (metadata, failure) -> onCompletion(value, metadata, failure));
                if (number % BURST == 0) {
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private void onCompletion(String value, RecordMetadata metadata, Exception failure) {
        window.release();
        if (failure != null) {
            failures.add(failure);
        } else {
            acknowledged.add(new Acknowledged(value, metadata.partition(), metadata.offset()));
            acknowledgedCount.incrementAndGet();
        }
    }

    /** Waits until each of the producers has got so many more records through. */
    static void awaitAcknowledgements(List<LoadProducer> producers, int count, String description) {
        for (LoadProducer producer : producers) {
            int target = producer.acknowledgedCount() + count;
            Awaitility.await(description).atMost(PROGRESS_LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(producer.failures()).as(description).isEmpty();
                return producer.acknowledgedCount() >= target;
            });
        }
    }

    int acknowledgedCount() {
        return acknowledgedCount.get();
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** An idempotent producer whose node comes back in time has none. */
    List<Exception> failures() {
        return List.copyOf(failures);
    }

    /** How many records were handed to the client; each of them is either acknowledged or failed after {@link #finish}. */
    long sent() {
        return sent.get();
    }

    /** Sends no more and waits until the fate of every record is known. */
    void finish() throws InterruptedException {
        running = false;
        thread.join();
        producer.flush();
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        producer.close(Duration.ofSeconds(1));
    }
}
