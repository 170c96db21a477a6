package io.sluice.kafka.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and by address, against their limits. Safe for any thread. */
final class ConnectionCounts {
    private final KafkaServerSettings.Connections limits;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionCounts(KafkaServerSettings.Connections limits) {
        this.limits = limits;
    }

    /** Counts a connection and returns null, or says which limit it would pass. */
    String enter(InetAddress address) {
        if (total.incrementAndGet() > limits.max()) {
            total.decrementAndGet();
            return "the node has " + limits.max() + " connections (max.connections)";
        }
        if (byAddress.merge(address, 1, Integer::sum) > limits.perAddressMax()) {
            leave(address);
            return "its address has " + limits.perAddressMax() + " connections (max.connections.per.ip)";
        }
        return null;
    }

    /** Takes back a counted connection. */
    void leave(InetAddress address) {
        total.decrementAndGet();
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    int total() {
        return total.get();
    }
}
