package io.sluice.kafka.server;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.persistence.net.ByteBudget;

/** What the connections of a server share. */
record ServerContext(ApiTable apis, ApiVersionsHandler apiVersions, KafkaServerSettings.Requests limits,
        ByteBudget nodeBytes, ByteBufAllocator allocator) {}
