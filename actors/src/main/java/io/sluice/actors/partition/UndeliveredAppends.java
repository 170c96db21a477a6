package io.sluice.actors.partition;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.SuppressedDeadLetter;

/**
 * Answers appends that were sent to an actor that had stopped. While the system lives, Pekko loses no message silently within a process: what a
 * stopped actor did not see becomes a dead letter. So no append needs a timer of its own.
 */
final class UndeliveredAppends extends AbstractActor {

    private final HandedOver handedOver;

    private UndeliveredAppends(HandedOver handedOver) {
        this.handedOver = handedOver;
    }

    static Props props(HandedOver handedOver) {
        return Props.create(UndeliveredAppends.class, () -> new UndeliveredAppends(handedOver));
    }

    @Override
    public void preStart() {
        getContext().getSystem().getEventStream().subscribe(getSelf(), SuppressedDeadLetter.class);
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(SuppressedDeadLetter.class, letter -> {
            if (letter.message() instanceof Append append) {
                handedOver.fail(append, "the partition's leader stopped before it saw the batch");
            }
        }).matchAny(ignored -> {
        }).build();
    }
}
