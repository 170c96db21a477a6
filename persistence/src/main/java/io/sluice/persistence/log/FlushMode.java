package io.sluice.persistence.log;

/** When a written batch counts as stored. Metadata and epoch files are always synced, whatever the mode. */
public enum FlushMode {
    /** After {@code fdatasync}: an acknowledged record survives the loss of power. */
    COMMIT,
    /** Once the page cache has it, as Apache Kafka does by default: an acknowledged record survives the death of the process. */
    OS
}
