package io.sluice.kafka.server;

import io.netty.buffer.ByteBufAllocator;

/** What the connections of a server share. */
record ServerContext(ApiTable apis, ApiVersionsHandler apiVersions, KafkaServerSettings.Requests limits,
        RequestBytes nodeBytes, ByteBufAllocator allocator) {}
