package io.sluice.kafka.wire;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A parsed request.
 *
 * @param prefix the fixed part of its header
 * @param clientId the client's id from its header, or null
 * @param message the message of kafka-clients; its byte buffers are views of the frame
 */
public record Request(RequestPrefix prefix, String clientId, ApiMessage message) {}
