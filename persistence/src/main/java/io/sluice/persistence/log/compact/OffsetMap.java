package io.sluice.persistence.log.compact;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, in a fixed amount of memory: keys are told apart by 128 bits of their MD5 (two keys with the same ones do not occur),
 * places are found by open addressing. For one thread.
 */
public final class OffsetMap {
    /** Memory of one entry, with the share of empty places that keeps look-ups short. */
    public static final int ENTRY_BYTES = 32;

    private static final int STRIDE = 3;
    private static final int MOST_SLOTS = Integer.MAX_VALUE / STRIDE - 8;

    private final MessageDigest md5 = md5();
    private final int slots;
    private final int capacity;
    /** Two halves of the hash and the offset plus one of each slot; 0 where it is empty. */
    private final long[] table;
    private int size;
    /** The hash of the key that was looked for last. */
    private long high;
    private long low;

    /**
     * @param expected how many keys there may be at most
     * @param mostBytes memory that the map may take whatever is expected
     */
    public OffsetMap(long expected, long mostBytes) {
        capacity = (int) Math.max(1, Math.min(Math.min(expected, mostBytes / ENTRY_BYTES), MOST_SLOTS / 4 * 3L));
        slots = (int) Math.min(MOST_SLOTS, capacity * 4L / 3 + 1);
        table = new long[slots * STRIDE];
    }

    /** Notes that a key has a record at an offset, later than all before; false if the map is full and does not know the key. */
    public boolean put(ByteBuffer key, long offset) {
        int at = find(key);
        if (table[at + 2] == 0) {
            if (size == capacity) {
                return false;
            }
            size++;
        }
        table[at] = high;
        table[at + 1] = low;
        table[at + 2] = offset + 1;
        return true;
    }

    /** The last offset noted for a key, -1 if none is. */
    public long get(ByteBuffer key) {
        return table[find(key) + 2] - 1;
    }

    /** How many keys it knows. */
    public int size() {
        return size;
    }

    /** Where the key is in the table, or the empty place for it. */
    private int find(ByteBuffer key) {
        md5.update(key.duplicate());
        ByteBuffer hash = ByteBuffer.wrap(md5.digest());
        high = hash.getLong();
        low = hash.getLong();
        int slot = (int) Long.remainderUnsigned(high, slots);
        while (true) {
            int at = slot * STRIDE;
            if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
