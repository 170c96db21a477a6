/** The Kafka wire format without sockets: bytes of a frame to a request message, a response message to buffers and file regions. */
package io.sluice.kafka.wire;
