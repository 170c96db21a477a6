package io.sluice.clusterconfig;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Notes when each step of the start was reached, so that a slow start can be explained. Safe for any thread. */
final class StartTrace {
    private final Instant launched = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    private final List<String> steps = new ArrayList<>();

    /** Notes a step as reached now. */
    synchronized void reached(String step) {
        steps.add(step + " " + sinceLaunch().toMillis());
    }

    /** Time since the process began, to about 10 ms. */
    Duration sinceLaunch() {
        return Duration.between(launched, Instant.now());
    }

    /** All steps with their times in ms since the process began, on one line. */
    @Override
    public synchronized String toString() {
        return String.join(", ", steps) + " ms";
    }
}
