package io.sluice.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A subscriber that asks for as much as the test says, and hands out what comes. */
public final class DemandProbe<T> implements Subscriber<T> {

    private sealed interface Signal<T> {
        record Subscribed<T>(Subscription subscription) implements Signal<T> {}

        record Next<T>(T element) implements Signal<T> {}

        record Failed<T>(Throwable failure) implements Signal<T> {}

        record Completed<T>() implements Signal<T> {}
    }

    private static final long WAIT_S = 20;

    private final BlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();
    private Subscription subscription;

    @Override
    public void onSubscribe(Subscription s) {
        signals.add(new Signal.Subscribed<>(s));
    }

    @Override
    public void onNext(T element) {
        signals.add(new Signal.Next<>(element));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.Failed<>(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Completed<>());
    }

    private Signal<T> take() {
        try {
            Signal<T> signal = signals.poll(WAIT_S, TimeUnit.SECONDS);
            if (signal == null) {
                throw new AssertionError("no signal within " + WAIT_S + " s");
            }
            return signal;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Subscription subscription() {
        if (subscription == null) {
            subscription = ((Signal.Subscribed<T>) take()).subscription();
        }
        return subscription;
    }

    public DemandProbe<T> request(long n) {
        subscription().request(n);
        return this;
    }

    public void cancel() {
        subscription().cancel();
    }

    /** The next element; an error of the stream fails the test. */
    public T next() {
        return switch (take()) {
            case Signal.Next<T> next -> next.element();
            case Signal<T> other -> throw new AssertionError("not an element: " + other);
        };
    }

    public List<T> next(int n) {
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            elements.add(next());
        }
        return elements;
    }

    public Throwable failure() {
        return switch (take()) {
            case Signal.Failed<T> failed -> failed.failure();
            case Signal<T> other -> throw new AssertionError("not a failure: " + other);
        };
    }

    public void completed() {
        Signal<T> signal = take();
        if (!(signal instanceof Signal.Completed<T>)) {
            throw new AssertionError("not completed: " + signal);
        }
    }

    /** Whether nothing came that was not taken. */
    public boolean isQuiet() {
        return signals.isEmpty();
    }
}
