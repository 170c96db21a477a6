package io.sluice.actors.partition;

import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.SuppressedDeadLetter;

/**
 * Answers appends that were sent to an actor that had stopped. Within a process Pekko loses no message silently: what a stopped actor did not see
 * becomes a dead letter. So no append needs a timer of its own.
 */
final class UndeliveredAppends extends AbstractActor {

    static Props props() {
        return Props.create(UndeliveredAppends.class, UndeliveredAppends::new);
    }

    @Override
    public void preStart() {
        getContext().getSystem().getEventStream().subscribe(getSelf(), SuppressedDeadLetter.class);
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(SuppressedDeadLetter.class, letter -> {
            if (letter.message() instanceof Append append) {
                append.fail(Errors.NOT_LEADER_OR_FOLLOWER, "the partition's leader stopped before it saw the batch");
            }
        }).matchAny(ignored -> {
        }).build();
    }
}
