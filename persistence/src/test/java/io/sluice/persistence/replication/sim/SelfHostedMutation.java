package io.sluice.persistence.replication.sim;

/** A log's own configuration with one rule broken; the letters are those of the model's mutations in docs/replication. */
enum SelfHostedMutation implements Faults {

    A_TWO_REPLICAS_AT_A_TIME {
        @Override
        public boolean changesTwoAtATime() {
            return true;
        }
    },

    C_THE_CLAIMANTS_SET_COUNTS {
        @Override
        public boolean countsOwnSet() {
            return true;
        }
    },

    D3_THE_SET_OF_THE_ACTIVATION_COUNTS {
        @Override
        public boolean countsSetOfActivation() {
            return true;
        }
    }
}
