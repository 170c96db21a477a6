package io.sluice.clusterconfig.cli;

/**
 * Where a group's offsets shall be set.
 *
 * @param value the offset, the time in ms since the epoch, or how far to shift; of no meaning for the others
 */
record ResetTarget(Kind kind, long value) {

    /** How the place is said. */
    enum Kind {
        EARLIEST, LATEST, OFFSET, TIME, SHIFT
    }
}
