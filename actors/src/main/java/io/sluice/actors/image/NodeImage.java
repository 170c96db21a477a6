package io.sluice.actors.image;

/**
 * A registered node as every node knows it.
 *
 * @param id stable id, from 0 upwards
 * @param diskId id made with the node's data directory; a new disk is a new one
 * @param host advertised host of the Kafka listener
 * @param port advertised port of the Kafka listener
 * @param rack the node's rack, or null
 * @param address the node's cluster address, as {@code pekko://system@host:port}; empty if another node has it now
 * @param alive whether membership counts it as up and reachable
 */
public record NodeImage(int id, String diskId, String host, int port, String rack, String address, boolean alive) {

    /** The same node at no known address. */
    NodeImage withoutAddress() {
        return new NodeImage(id, diskId, host, port, rack, "", false);
    }

    /** The same node, alive or not. */
    public NodeImage withAlive(boolean now) {
        return now == alive ? this : new NodeImage(id, diskId, host, port, rack, address, now);
    }
}
