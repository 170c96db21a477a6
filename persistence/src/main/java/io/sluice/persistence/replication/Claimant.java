package io.sluice.persistence.replication;

import java.util.UUID;

/** One incarnation of a log's leader, and the one epoch that it claims. */
record Claimant(String log, int epoch, UUID id) {

    ReplicaRequest.Header to(ReplicaId target) {
        return new ReplicaRequest.Header(log, epoch, id, target);
    }

    /** Whether a reply answers this incarnation, and not one before it. */
    boolean isAnsweredBy(ReplicaReply.Header h) {
        return h.epoch() == epoch && h.claimant().equals(id) && h.log().equals(log);
    }
}
