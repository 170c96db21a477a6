package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerEvent.ClusterCreated;
import io.sluice.actors.controller.ControllerEvent.NodeRegistered;
import io.sluice.actors.controller.ControllerEvent.NodeUnregistered;
import io.sluice.actors.controller.ControllerEvent.ProducerIdsReserved;
import io.sluice.actors.controller.ControllerRequest.RegisterNode;
import io.sluice.actors.controller.ControllerRequest.ReserveProducerIds;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides which node gets which id. A node is its data directory: the disk id that was made with it keeps its node id for ever, and a node id never
 * goes to another disk, because clients and replica lists name nodes by it.
 */
final class NodeDecisions {

    private NodeDecisions() {
    }

    /**
     * Registers a node; the first of all also makes the cluster. Asking again changes nothing. The errors: INCONSISTENT_CLUSTER_ID, the node is of
     * another cluster; NOT_CONTROLLER, the metadata of its cluster is not here; DUPLICATE_BROKER_REGISTRATION, its data directory has a node that
     * is, or seems, alive; DUPLICATE_RESOURCE, the wanted id is another's; INVALID_REQUEST, the disk has another id than the wanted.
     */
    static Decision register(Draft draft, RegisterNode request, DecisionContext context) {
        draft.item(() -> {
            requireSameCluster(draft.metadata().clusterId(), request.clusterId());
            int id = idFor(draft.metadata(), request, context);
            if (draft.metadata().clusterId() == null) {
                draft.add(new ClusterCreated(context.ids().get().toString()));
            }
            NodeRegistered registered = new NodeRegistered(id, request.diskId(), request.host(), request.port(),
                    request.rack(), request.address());
            ClusterMetadata after = registered.applyTo(draft.metadata());
            if (!after.nodes().equals(draft.metadata().nodes())) {
                draft.add(registered);
            }
            return Item.done(id);
        });
        return draft.toDecision(false);
    }

    /** Reserves the next producer ids that nobody had. */
    static Decision reserveProducerIds(Draft draft, ReserveProducerIds request) {
        draft.item(() -> {
            long first = draft.metadata().nextProducerId();
            if (request.count() < 1 || first > Long.MAX_VALUE - request.count()) {
                throw new RefusedException(Errors.INVALID_REQUEST,
                        "cannot reserve " + request.count() + " producer ids from " + first);
            }
            draft.add(new ProducerIdsReserved(request.nodeId(), first, request.count()));
            return Item.done(first);
        });
        return draft.toDecision(false);
    }

    /**
     * Takes a node out of the cluster. The errors: BROKER_ID_NOT_REGISTERED, there is none; INVALID_REQUEST, it is alive, or something still counts on
     * what it holds.
     */
    static Decision unregister(Draft draft, int id, DecisionContext context) {
        draft.item(() -> {
            ClusterMetadata metadata = draft.metadata();
            NodeImage node = metadata.nodes().get(id);
            if (node == null) {
                throw new RefusedException(Errors.BROKER_ID_NOT_REGISTERED, "there is no node " + id);
            }
            if (context.alive().contains(node.address())) {
                throw new RefusedException(Errors.INVALID_REQUEST,
                        "node " + id + " is alive at " + node.address() + "; stop it first");
            }
            long held = metadata.topics().stream()
                    .mapToLong(topic -> IntStream.range(0, topic.partitionCount())
                            .filter(partition -> topic.replicasAndTarget(partition).contains(id)).count())
                    .sum();
            if (held > 0) {
                throw new RefusedException(Errors.INVALID_REQUEST, "node " + id + " still has replicas of " + held
                        + " partition(s); drain it first");
            }
            if (metadata.metadataReplicas().contains(node.diskId())) {
                throw new RefusedException(Errors.INVALID_REQUEST, "node " + id
                        + " still counts as a replica of the cluster's metadata; drain it first, or wait until it is replaced");
            }
            draft.add(new NodeUnregistered(id));
            return Item.done(id);
        });
        return draft.toDecision(false);
    }

    private static void requireSameCluster(String clusterId, String known) {
        if (known == null || known.equals(clusterId)) {
            return;
        }
        if (clusterId == null) {
            // to make a cluster now would make a second one in the place of that which the node remembers
            throw new RefusedException(Errors.NOT_CONTROLLER,
                    "the controller has no metadata of cluster " + known + " to which this node belongs");
        }
        throw new RefusedException(Errors.INCONSISTENT_CLUSTER_ID, "its data directory belongs to cluster " + known
                + ", but the seeds are of cluster " + clusterId
                + "; correct the seeds or choose another data directory");
    }

    private static int idFor(ClusterMetadata metadata, RegisterNode request, DecisionContext context) {
        Optional<NodeImage> known = metadata.nodes().values().stream()
                .filter(node -> node.diskId().equals(request.diskId())).findFirst();
        if (known.isPresent()) {
            return sameDisk(known.get(), request, context);
        }
        if (request.wantedId() >= 0) {
            if (metadata.nodes().containsKey(request.wantedId())) {
                throw new RefusedException(Errors.DUPLICATE_RESOURCE,
                        "node.id=" + request.wantedId() + " belongs to another data directory of this cluster, last at "
                                + metadata.nodes().get(request.wantedId()).address()
                                + "; choose another id, or leave node.id out");
            }
            return request.wantedId();
        }
        int id = 0;
        while (metadata.nodes().containsKey(id)) {
            id++;
        }
        return id;
    }

    private static int sameDisk(NodeImage known, RegisterNode request, DecisionContext context) {
        if (request.wantedId() >= 0 && request.wantedId() != known.id()) {
            throw new RefusedException(Errors.INVALID_REQUEST, "the data directory belongs to node "
                    + known.id() + ", so node.id=" + request.wantedId() + " is not possible; leave node.id out");
        }
        if (!known.address().equals(request.address()) && context.alive().contains(known.address())) {
            throw new RefusedException(Errors.DUPLICATE_BROKER_REGISTRATION,
                    "node " + known.id() + " already runs at " + known.address()
                            + " with a copy of this data directory; stop one of them");
        }
        return known.id();
    }
}
