/**
 * Sluice's own connections between nodes, which carry replicated logs: {@link io.sluice.persistence.replication.net.Peers} asks,
 * {@link io.sluice.persistence.replication.net.ReplicaServer} is asked. A connection carries requests one way and replies the other, and begins with a
 * handshake. Whatever is sent may be lost with its connection; the protocol above asks again.
 */
package io.sluice.persistence.replication.net;
