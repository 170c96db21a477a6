package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.ReplicaStore;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;
import java.util.UUID;

/** The rules for suspect replicas with one of them broken; as in the model. */
enum PowerLossMutation implements Faults {

    SUSPECT_PROMISES_COUNT {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaReply reply = replica.handle(request, store);
            return reply instanceof ReplicaReply.Promise p
                    ? new ReplicaReply.Promise(p.header(), p.synced(), p.epochs(), p.configuration(), p.logStart(),
                            p.begin(), p.logEnd(), p.highestSequenceNr(), false)
                    : reply;
        }
    },

    RESTORED_AS_SOON_AS_A_LEADER_IS_MET {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaReply reply = replica.handle(request, store);
            if (reply instanceof ReplicaReply.Suspect suspect) {
                store.restored();
                return new ReplicaReply.Ack(suspect.header(), suspect.logEnd(), 0);
            }
            return reply;
        }
    },

    NOT_SUSPECT_AT_ALL {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            return replica.handle(request, new Overrides(store) {
                @Override
                public UUID loss() {
                    return null;
                }
            });
        }
    }
}
