package io.sluice.streams.javadsl;

import io.sluice.streams.LocalLogs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.stream.javadsl.Source;

/** A source of a topic without a node, for tests of other packages. */
public final class PublisherOfTopic {

    private PublisherOfTopic() {
    }

    /** Some records of one partition, from a consumer of its own for each run. */
    public static Source<ConsumerRecord<String, String>, ?> records(int count) {
        var consumer = new FakeConsumer(count);
        return Consumer.plainSource(consumer.settings(), Subscriptions.assignment(FakeConsumer.partition(0)));
    }

    /** The records of a log, read where the node that leads it runs; a chunk for a few of them. */
    public static Source<ConsumerRecord<String, String>, ?> recordsOf(LocalLogs logs) {
        return Consumer.plainSource(new FakeConsumer(0).settings().withLocalLogs(logs).withReadAhead(500),
                Subscriptions.assignment(FakeConsumer.partition(0)));
    }
}
