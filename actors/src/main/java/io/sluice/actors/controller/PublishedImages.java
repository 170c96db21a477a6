package io.sluice.actors.controller;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.ClusterImages;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.LiveImage;
import io.sluice.actors.image.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the image and tells listeners. One thread publishes, any thread reads or subscribes. A new subscriber's first call happens on its own thread,
 * under the lock that orders calls.
 */
final class PublishedImages implements ClusterImages {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedImages.class);

    private final List<Consumer<ClusterImage>> listeners = new ArrayList<>();
    private volatile ClusterImage current;

    PublishedImages(String selfDiskId) {
        current = LiveImage.of(ClusterMetadata.EMPTY, 0, selfDiskId, MemberView.NONE);
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public synchronized Subscription subscribe(Consumer<ClusterImage> listener) {
        // its own object, so that closing ends this subscription even if the same listener is there twice
        Consumer<ClusterImage> entry = image -> listener.accept(image);
        listeners.add(entry);
        call(entry, current);
        return () -> remove(entry);
    }

    private synchronized void remove(Consumer<ClusterImage> entry) {
        listeners.remove(entry);
    }

    synchronized void publish(ClusterImage image) {
        current = image;
        List.copyOf(listeners).forEach(listener -> call(listener, image));
    }

    /** Completes with the first image that has what is wanted, or fails with a TimeoutException. */
    CompletionStage<ClusterImage> await(Predicate<ClusterImage> wanted, Duration timeout) {
        ClusterImage now = current;
        if (wanted.test(now)) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<ClusterImage> found = new CompletableFuture<>();
        Subscription subscription = subscribe(image -> {
            if (wanted.test(image)) {
                found.complete(image);
            }
        });
        return found.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((image, error) -> subscription.close());
    }

    private static void call(Consumer<ClusterImage> listener, ClusterImage image) {
        try {
            listener.accept(image);
        } catch (RuntimeException e) {
            LOG.error("A listener failed on image version {}", image.version(), e);
        }
    }
}
