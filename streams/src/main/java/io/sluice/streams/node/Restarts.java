package io.sluice.streams.node;

import java.time.Duration;
import java.util.Optional;

/** Decides whether and when a stream that failed starts again. Not thread-safe. */
final class Restarts {

    private final ApplicationSettings settings;
    private Duration next;

    Restarts(ApplicationSettings settings) {
        this.settings = settings;
        this.next = settings.minBackoff();
    }

    /**
     * The stream failed.
     *
     * @param ran how long it ran
     * @return the pause before it starts again, or empty if it does not
     */
    Optional<Duration> failedAfter(Duration ran) {
        if (!settings.restart()) {
            return Optional.empty();
        }
        Duration pause = ran.compareTo(settings.maxBackoff()) > 0 ? settings.minBackoff() : next;
        next = shorter(pause.multipliedBy(2), settings.maxBackoff());
        return Optional.of(pause);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
