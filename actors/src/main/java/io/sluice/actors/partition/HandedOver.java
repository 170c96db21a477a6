package io.sluice.actors.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorRef;

/**
 * The appends of this node that are in actors' mailboxes. Each is taken out by exactly one: the actor it was sent to, {@link UndeliveredAppends}
 * when that actor had stopped, or {@link #end} when there is no actor any more: a system that ends stops its actors in no order, so the one that
 * would be told of an undelivered append may be gone before it. Safe for any thread.
 */
final class HandedOver {
    private final Set<Append> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Sends an append to a partition's actor. */
    void tell(ActorRef entity, Append append) {
        waiting.add(append);
        entity.tell(append, ActorRef.noSender());
        if (ended) { // read after the append was added, so that either it or the end sees the other
            fail(append, "the node is stopping");
        }
    }

    /** Takes an append out; false if somebody else has answered it. */
    boolean take(Append append) {
        return waiting.remove(append);
    }

    /** Answers an append that its actor did not see, if nobody else did. */
    void fail(Append append, String message) {
        if (take(append)) {
            append.fail(Errors.NOT_LEADER_OR_FOLLOWER, message);
        }
    }

    /** All actors have stopped: answers what they did not see, and what comes later. */
    void end() {
        ended = true;
        waiting.forEach(append -> fail(append, "the node is stopping"));
    }
}
