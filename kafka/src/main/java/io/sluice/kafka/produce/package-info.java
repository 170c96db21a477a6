/** Producing: Produce and InitProducerId. */
package io.sluice.kafka.produce;
