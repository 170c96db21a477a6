/**
 * The Kafka listener: sockets, frames, order, limits. A frame goes from {@link io.sluice.persistence.net.FrameAssembler} to
 * {@link io.sluice.kafka.server.Connection}, which hands the request to the handler that {@link io.sluice.kafka.server.ApiTable} names and the
 * answer to {@link io.sluice.kafka.server.ResponseOrderer}.
 */
package io.sluice.kafka.server;
