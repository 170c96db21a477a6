package io.sluice.kafka.admin;

/** Bounds of what one request may ask for. */
final class Limits {

    /** Most partitions that one request may create: more would hold up everybody else's changes. Kafka's bound. */
    static final int NEW_PARTITIONS_PER_REQUEST_MAX = 10_000;

    private Limits() {
    }
}
