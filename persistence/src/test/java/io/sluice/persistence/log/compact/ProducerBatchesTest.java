package io.sluice.persistence.log.compact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProducerBatchesTest {

    @Test
    void theLastOneOfEachProducer() {
        ProducerBatches batches = new ProducerBatches(10);
        batches.add(1, 5);
        batches.add(2, 8);
        batches.add(1, 11);
        assertThat(batches.isLast(1, 5)).isFalse();
        assertThat(batches.isLast(1, 11)).isTrue();
        assertThat(batches.isLast(2, 8)).isTrue();
        assertThat(batches.isLast(-1, 20)).as("no producer").isFalse();
    }

    @Test
    void everyOneOfProducersBeyondTheLimit() {
        ProducerBatches batches = new ProducerBatches(1);
        batches.add(-1, 2);
        batches.add(1, 5);
        batches.add(2, 8);
        batches.add(2, 9);
        batches.add(1, 12);
        assertThat(batches.isLast(1, 5)).isFalse();
        assertThat(batches.isLast(2, 8)).isTrue();
        assertThat(batches.isLast(2, 9)).isTrue();
    }
}
