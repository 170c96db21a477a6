package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.ReplicaStore;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;
import java.util.UUID;

/** The protocol with one rule broken; the names are those of the model's mutations in docs/replication. */
enum Mutation implements Faults {

    M1_BEST_BY_LENGTH_ONLY {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaReply reply = replica.handle(request, store);
            return reply instanceof ReplicaReply.Promise p && p.synced() < p.header().epoch()
                    ? new ReplicaReply.Promise(p.header(), 0, p.epochs(), p.configuration(), p.logStart(),
                            p.begin(), p.logEnd(),
                            p.highestSequenceNr(), p.suspect())
                    : reply;
        }
    },

    M2_SYNCED_BEFORE_COMPLETE {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaReply reply = replica.handle(request, store);
            if (reply instanceof ReplicaReply.Stored stored) {
                store.synced(stored.header().epoch());
                return new ReplicaReply.Ack(stored.header(), stored.logEnd(), 0);
            }
            return reply;
        }
    },

    M3_APPENDS_OF_THE_EPOCH_BEFORE_THE_PROMISE {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaRequest.Header h = request.header();
            boolean late = request instanceof ReplicaRequest.Append && store.syncedEpoch() == h.epoch()
                    && store.promisedEpoch() <= h.epoch() + 1;
            return replica.handle(request, late ? promisedTo(h.epoch(), h.claimant(), store) : store);
        }
    },

    M4_WIPED_DISK_KEEPS_ITS_IDENTITY {
        @Override
        public boolean wipedKeepsIdentity() {
            return true;
        }
    },

    M5_NOTHING_IS_SEALED {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            return replica.handle(request, new Overrides(store) {
                @Override
                public void raiseMinConfig(int version) {
                }
            });
        }
    },

    M6_EXCESS_TAIL_IS_KEPT {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            return replica.handle(request, new Overrides(store) {
                @Override
                public void truncate(long endOffset) throws IOException {
                    if (!(request instanceof ReplicaRequest.Sync sync) || endOffset < sync.recoveredEnd()) {
                        store.truncate(endOffset);
                    }
                }
            });
        }
    },

    M8_LATE_SYNC_TRUNCATES {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            return replica.handle(request, new Overrides(store) {
                @Override
                public int syncedEpoch() {
                    return request instanceof ReplicaRequest.Sync ? -1 : store.syncedEpoch();
                }
            });
        }
    },

    M9_PROMISE_ONLY_IN_MEMORY {
        @Override
        public boolean forgetsPromise() {
            return true;
        }
    },

    PROMISE_COMPARES_EPOCHS_ONLY {
        @Override
        public ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
            ReplicaRequest.Header h = request.header();
            return replica.handle(request,
                    h.epoch() == store.promisedEpoch() ? promisedTo(h.epoch(), h.claimant(), store) : store);
        }
    },

    ACKNOWLEDGED_BEFORE_FLUSHED {
        @Override
        public boolean answersUnflushed() {
            return true;
        }
    },

    OWN_PROMISE_UNCHECKED_BEFORE_APPEND {
        @Override
        public boolean appendsUnchecked() {
            return true;
        }
    },

    RETIRED_THOUGH_CLAIMED_AGAIN {
        @Override
        public boolean restless() {
            return true;
        }

        @Override
        public boolean retire(Replica replica, int version, MemoryStore store) throws IOException {
            return replica.retire(version, new Overrides(store) {
                @Override
                public int claimedConfig() {
                    return -1;
                }
            });
        }
    },

    RETIRED_WITHOUT_A_TRACE {
        @Override
        public boolean restless() {
            return true;
        }

        @Override
        public boolean retire(Replica replica, int version, MemoryStore store) throws IOException {
            boolean retired = replica.retire(version, store);
            if (retired) {
                store.forgetPromises();
            }
            return retired;
        }
    },

    A_REPLICA_COMES_BACK_IN_THE_TERM_IT_LEFT {
        @Override
        public boolean restless() {
            return true;
        }

        @Override
        public boolean bringsBackInTerm() {
            return true;
        }
    },

    NEW_CONFIGURATION_COUNTS_UNCONFIRMED {
        @Override
        public boolean trustsUnconfirmed() {
            return true;
        }
    };

    private static ReplicaStore promisedTo(int epoch, UUID claimant, ReplicaStore store) {
        return new Overrides(store) {
            @Override
            public int promisedEpoch() {
                return epoch;
            }

            @Override
            public UUID promisedTo() {
                return claimant;
            }
        };
    }
}
