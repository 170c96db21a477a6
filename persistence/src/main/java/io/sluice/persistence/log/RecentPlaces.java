package io.sluice.persistence.log;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** Where the last few slices ended, so that a reader who goes on from there needs no look into the file. */
final class RecentPlaces {
    private static final int SIZE = 8;

    private final AtomicReferenceArray<Place> places = new AtomicReferenceArray<>(SIZE);

    /** Notes that the batch after everything below {@code offset} begins at {@code position}. */
    void note(long offset, Segment segment, long position) {
        places.setRelease(slot(offset), new Place(offset, segment, position));
    }

    /** The position noted for an offset in a segment, -1 if none is. */
    long find(long offset, Segment segment) {
        Place place = places.getAcquire(slot(offset));
        return place != null && place.offset == offset && place.segment == segment ? place.position : -1;
    }

    private static int slot(long offset) {
        return (int) ((offset * 0x9E3779B97F4A7C15L) >>> 61);
    }

    private record Place(long offset, Segment segment, long position) {}
}
