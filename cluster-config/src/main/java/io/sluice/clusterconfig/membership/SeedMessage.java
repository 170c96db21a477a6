package io.sluice.clusterconfig.membership;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Set;

/** What nodes say to each other before they are members of one cluster: named fields, so that other versions understand it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "seed")
@JsonSubTypes({@JsonSubTypes.Type(value = SeedMessage.WhoAreYou.class, name = "who-are-you"),
        @JsonSubTypes.Type(value = SeedMessage.Introduction.class, name = "introduction")})
sealed interface SeedMessage {

    /** Asks a node to introduce itself. */
    record WhoAreYou(String from) implements SeedMessage {}

    /**
     * The answer.
     *
     * @param clusterId the cluster that the node's data belongs to, or null if it is new
     * @param members cluster addresses of the members that the node sees, itself among them; empty while it is no member
     */
    record Introduction(String clusterId, Set<String> members) implements SeedMessage {

        /** Whether the node is a member of a running cluster, so that others can join through it. */
        boolean isMember() {
            return !members.isEmpty();
        }
    }
}
