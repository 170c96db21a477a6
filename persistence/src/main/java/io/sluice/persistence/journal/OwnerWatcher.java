package io.sluice.persistence.journal;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Terminated;

/**
 * Watches the owners of claims for the journal, its parent. An actor of its own, because what the journal watches itself is the business of
 * Pekko's base class.
 */
final class OwnerWatcher extends AbstractActor {

    static Props props() {
        return Props.create(OwnerWatcher.class, OwnerWatcher::new);
    }

    /** Told to the watcher: report when the owner stops. */
    record Watch(ActorRef owner) {}

    /** Told to the journal, after every message that the owner sent it. */
    record OwnerStopped(ActorRef owner) {}

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Watch.class, w -> getContext().watch(w.owner()))
                .match(Terminated.class, t -> getContext().getParent().tell(new OwnerStopped(t.actor()), getSelf()))
                .build();
    }
}
