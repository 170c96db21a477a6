package io.sluice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The Java client, idempotent as it is by default. */
final class JavaMatrixClient implements MatrixClient {

    @Override
    public void produce(String bootstrap, List<MatrixRecord> records, LargeValues values, Map<String, String> codecs) {
        codecs.forEach((topic, codec) -> {
            try (Producer<byte[], byte[]> producer = JavaClients.producer(bootstrap, "compression.type", codec,
                    "max.request.size", "8388608", "linger.ms", "20")) {
                List<Future<?>> sent = new ArrayList<>();
                for (MatrixRecord record : records) {
                    RecordHeaders headers = new RecordHeaders();
                    record.headers().forEach(header -> headers.add(header.name(), MatrixRecord.decode(header.value())));
                    sent.add(producer
                            .send(new ProducerRecord<>(topic, 0, record.timestamp(), MatrixRecord.decode(record.key()),
                                    values.of(record), headers)));
                }
                for (Future<?> future : sent) {
                    future.get();
                }
            } catch (ExecutionException e) {
                throw new AssertionError(topic + ": " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public Map<String, List<MatrixRecord>> consume(String bootstrap, List<String> topics) {
        Map<String, List<MatrixRecord>> all = new LinkedHashMap<>();
        List<TopicPartition> partitions = topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
        JavaClients.read(bootstrap, partitions).forEach(
                record -> all.computeIfAbsent(record.topic(), topic -> new ArrayList<>()).add(MatrixRecord.of(record)));
        return all;
    }
}
