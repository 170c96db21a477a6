package io.sluice.streams.javadsl;

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
}
