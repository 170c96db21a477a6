package io.sluice.clusterconfig.membership;

import java.util.List;
import org.apache.pekko.actor.Address;

/** What a node that is not a member yet does next. */
sealed interface JoinDecision {

    /** Ask again; {@code why} says in words what is missing. */
    record Wait(String why) implements JoinDecision {}

    /** Join the cluster that these nodes are members of. */
    record Join(List<Address> through) implements JoinDecision {}

    /** Form the cluster, as its first member. */
    record Form() implements JoinDecision {}

    /** Never join; {@code why} says in one line what is wrong and what to do. */
    record Refuse(String why) implements JoinDecision {}
}
