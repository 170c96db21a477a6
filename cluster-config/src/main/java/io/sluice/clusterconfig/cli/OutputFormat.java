package io.sluice.clusterconfig.cli;

import java.util.Locale;

/** How a command writes what it found. */
public enum OutputFormat {
    /** Aligned columns, for people. */
    TABLE,
    /** For programs. */
    JSON;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
