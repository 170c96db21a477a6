package io.sluice.persistence.snapshot;

import java.nio.ByteBuffer;

/**
 * A snapshot as it is stored.
 *
 * @param name which one
 * @param bytes all of it, checksum included; the reader's own
 */
public record StoredSnapshot(SnapshotName name, ByteBuffer bytes) {}
