package io.sluice.clusterconfig.cli;

/** How a command writes what it found. */
public enum OutputFormat {
    /** Aligned columns, for people. */
    TABLE,
    /** For programs. */
    JSON
}
