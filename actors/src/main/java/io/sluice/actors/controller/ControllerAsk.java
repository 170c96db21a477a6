package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerCommand.Submit;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Sends one request to the controller and gives its answer, or a TimeoutException. */
final class ControllerAsk {

    private ControllerAsk() {
    }

    static CompletionStage<ControllerAnswer> answer(ActorSystem<?> system, ActorRef<ControllerCommand> controller,
            ControllerRequest request, Duration timeout) {
        return AskPattern.ask(controller, replyTo -> new Submit(request, replyTo), timeout, system.scheduler());
    }

    /** The duration, but at least {@code min} and at most {@code max}. */
    static Duration clamp(Duration duration, Duration min, Duration max) {
        if (duration.compareTo(min) < 0) {
            return min;
        }
        return duration.compareTo(max) > 0 ? max : duration;
    }
}
