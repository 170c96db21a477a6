package io.sluice.actors.group;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData;

/**
 * What a member can do that speaks the classic protocol in a group of the consumer protocol, as its last JoinGroup said. Immutable.
 *
 * @param sessionTimeoutMs it is given up when silent for so long
 * @param protocols the assignors it supports, in its order of preference; at least one
 */
record ClassicClient(int sessionTimeoutMs, List<Protocol> protocols) {

    /** One assignor, with the subscription as the client wrote it for that one. Compared by content. */
    record Protocol(String name, @SuppressWarnings("ArrayRecordComponent") byte[] metadata) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Protocol p && name.equals(p.name) && Arrays.equals(metadata, p.metadata);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Arrays.hashCode(metadata);
        }
    }

    static ClassicClient of(JoinGroupRequestData r) {
        return new ClassicClient(r.sessionTimeoutMs(),
                r.protocols().stream().map(p -> new Protocol(p.name(), p.metadata())).toList());
    }

    /** The one it is told that the group uses. No assignor of a client is used, so each member may be told another one. */
    Protocol preferred() {
        return protocols.get(0);
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(p -> p.name().equals(protocol));
    }
}
