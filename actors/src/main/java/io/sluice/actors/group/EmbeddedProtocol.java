package io.sluice.actors.group;

import io.sluice.actors.image.ClusterImage;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.types.SchemaException;

/**
 * What consumers of the classic protocol say to each other through the coordinator (protocol type {@value #TYPE}), to and from what the coordinator keeps.
 * They name topics, so it takes an image of the cluster; what that does not know is left out.
 */
final class EmbeddedProtocol {
    static final String TYPE = ConsumerProtocol.PROTOCOL_TYPE;

    private EmbeddedProtocol() {
    }

    /**
     * A member's subscription.
     *
     * @param subscription what it wants to read; never by expression
     * @param rackId the client's rack, or null
     * @param owned what it says that it owns; nothing if it gives everything up before it joins
     */
    record Subscribed(Subscription subscription, String rackId, Partitions owned) {}

    /**
     * Reads a subscription.
     *
     * @throws InconsistentGroupProtocolException if it is none
     */
    static Subscribed subscription(byte[] metadata, ClusterImage image) {
        ConsumerProtocolSubscription read;
        try {
            read = ConsumerProtocol.deserializeConsumerProtocolSubscription(ByteBuffer.wrap(metadata));
        } catch (SchemaException e) {
            throw new InconsistentGroupProtocolException("The member's metadata is no subscription of a consumer.", e);
        }
        Map<Uuid, Set<Integer>> owned = new HashMap<>();
        read.ownedPartitions().forEach(t -> image.topic(t.topic()).ifPresent(
                known -> owned.computeIfAbsent(known.id(), id -> new HashSet<>()).addAll(t.partitions())));
        return new Subscribed(Subscription.NONE.with(read.topics(), "", ""), read.rackId(), Partitions.of(owned));
    }

    /**
     * Reads an assignment; nothing there is an empty one.
     *
     * @throws InconsistentGroupProtocolException if it is none
     */
    static Partitions assignment(byte[] assignment, ClusterImage image) {
        if (assignment.length == 0) {
            return Partitions.NONE;
        }
        ConsumerProtocolAssignment read;
        try {
            read = ConsumerProtocol.deserializeConsumerProtocolAssignment(ByteBuffer.wrap(assignment));
        } catch (SchemaException e) {
            throw new InconsistentGroupProtocolException("The member's assignment is none of a consumer.", e);
        }
        Map<Uuid, Set<Integer>> assigned = new HashMap<>();
        read.assignedPartitions().forEach(t -> image.topic(t.topic()).ifPresent(
                known -> assigned.computeIfAbsent(known.id(), id -> new HashSet<>()).addAll(t.partitions())));
        return Partitions.of(assigned);
    }

    /** Writes an assignment in the version in which the member writes its subscription. */
    static byte[] assignment(Partitions assigned, byte[] metadata, ClusterImage image) {
        ConsumerProtocolAssignment written = new ConsumerProtocolAssignment();
        assigned.topics().forEach(id -> image.topic(id).ifPresent(t -> written.assignedPartitions()
                .add(new ConsumerProtocolAssignment.TopicPartition().setTopic(t.name())
                        .setPartitions(assigned.of(id)))));
        short version = ConsumerProtocol.deserializeVersion(ByteBuffer.wrap(metadata));
        ByteBuffer buffer = ConsumerProtocol.serializeAssignment(written, version);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
