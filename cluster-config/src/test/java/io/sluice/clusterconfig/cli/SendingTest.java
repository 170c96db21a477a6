package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SendingTest {
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(false, null, new ByteArraySerializer(),
            new ByteArraySerializer());
    private final Sending sending = new Sending(producer);

    @Test
    void shouldCountWhatIsAcknowledged() {
        assertThat(send(3)).isTrue();
        assertThat(send(4)).isTrue();
        producer.completeNext();
        assertThat(sending.acknowledged()).isEqualTo(1);

        producer.completeNext();
        assertThat(sending.finish()).isNull();
        assertThat(sending.bytes()).isEqualTo(7);
    }

    @Test
    void shouldStopAtTheFirstFailure() {
        RecordTooLargeException failure = new RecordTooLargeException("too large");
        send(3);
        producer.errorNext(failure);

        assertThat(send(3)).isFalse();
        assertThat(sending.finish()).isSameAs(failure);
    }

    private boolean send(int size) {
        return sending.send(new ProducerRecord<>("t", new byte[size]));
    }
}
