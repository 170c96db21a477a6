package io.sluice.persistence.log;

import java.nio.file.Path;

/**
 * Bytes of a segment that are no undamaged batch.
 *
 * @param file the segment
 * @param position where they begin
 * @param length how many they are, up to the next good batch or the end of the file; 0 if whole batches are missing between two segments
 * @param offset the offset that the batch there has or should have
 * @param what what is wrong, in words
 * @param torn whether it is a write that was cut short: the next start of the node cuts it off, and nothing that was synced is lost
 */
public record SegmentDamage(Path file, long position, long length, long offset, String what, boolean torn) {}
