package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a decision asks for: events to store, and answers to give once they are. */
final class Effects {
    private final List<GroupEvent> events = new ArrayList<>(1);
    private final List<Runnable> answers = new ArrayList<>(1);

    void persist(GroupEvent event) {
        events.add(event);
    }

    <T> void answer(CompletableFuture<T> to, T response) {
        answers.add(() -> to.complete(response));
    }

    /** Asks for all that another decision does. */
    void add(Effects others) {
        events.addAll(others.events);
        answers.addAll(others.answers);
    }

    List<GroupEvent> events() {
        return events;
    }

    /** Gives the answers; call once, when the events are stored. */
    void release() {
        answers.forEach(Runnable::run);
    }
}
