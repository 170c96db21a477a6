package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerEvent.ClusterCreated;
import io.sluice.actors.controller.ControllerEvent.NodeRegistered;
import io.sluice.actors.controller.ControllerEvent.ProducerIdsReserved;
import io.sluice.actors.controller.ControllerRequest.RegisterNode;
import io.sluice.actors.controller.ControllerRequest.ReserveProducerIds;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.NodeImage;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides which node gets which id. A node is its data directory: the disk id that was made with it keeps its node id for ever, and a node id never
 * goes to another disk, because clients and replica lists name nodes by it.
 */
final class NodeDecisions {

    private NodeDecisions() {
    }

    /** Registers a node; the first of all also makes the cluster. Asking again changes nothing. */
    static Decision register(Draft draft, RegisterNode request, DecisionContext context) {
        draft.item(() -> {
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

    private static int idFor(ClusterMetadata metadata, RegisterNode request, DecisionContext context) {
        Optional<NodeImage> known = metadata.nodes().values().stream()
                .filter(node -> node.diskId().equals(request.diskId())).findFirst();
        if (known.isPresent()) {
            return sameDisk(known.get(), request, context);
        }
        if (request.wantedId() >= 0) {
            if (metadata.nodes().containsKey(request.wantedId())) {
                throw new RefusedException(Errors.DUPLICATE_BROKER_REGISTRATION,
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
            throw new RefusedException(Errors.DUPLICATE_BROKER_REGISTRATION, "the data directory belongs to node "
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
