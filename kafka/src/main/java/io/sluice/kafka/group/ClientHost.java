package io.sluice.kafka.group;

import io.sluice.kafka.api.RequestContext;
import java.net.InetSocketAddress;

/** A client's address as groups show it. */
final class ClientHost {

    private ClientHost() {
    }

    /** With a leading slash, as Kafka has it. */
    static String of(RequestContext context) {
        return context.remote() instanceof InetSocketAddress a && a.getAddress() != null
                ? "/" + a.getAddress().getHostAddress()
                : String.valueOf(context.remote());
    }
}
