package io.sluice.persistence.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment file says the offset and the sequence number that its first batch has, and what compaction did to it.
 *
 * @param cleaning null if it never was compacted
 */
record SegmentName(long baseOffset, long firstSequenceNr, Cleaning cleaning) {
    private static final Pattern FORM = Pattern
            .compile("(\\d{20})\\.(\\d{1,19})(?:\\.c(\\d{1,9})-(\\d{1,19})-(\\d{1,19}))?\\.log");

    /**
     * What compaction did to a segment. Its file takes the place of all older ones that begin in its range, as soon as it has its name: what is left of
     * them after a crash is known by that.
     *
     * @param generation how often it was compacted
     * @param cleanTo the offset below which every record was compared with those before it; the end, unless memory was short
     * @param endOffset the offset that follows its last batch
     */
    record Cleaning(int generation, long cleanTo, long endOffset) {}

    /** The name of a segment as it is written. */
    SegmentName(long baseOffset, long firstSequenceNr) {
        this(baseOffset, firstSequenceNr, null);
    }

    /** The parts of a file name, or null if no segment is called so. */
    static SegmentName parse(String fileName) {
        Matcher m = FORM.matcher(fileName);
        if (!m.matches()) {
            return null;
        }
        try {
            Cleaning cleaning = m.group(3) == null
                    ? null
                    : new Cleaning(Integer.parseInt(m.group(3)), Long.parseLong(m.group(4)),
                            Long.parseLong(m.group(5)));
            return new SegmentName(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)), cleaning);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Those that count, by base offset: all but what compaction has replaced. */
    static List<SegmentName> current(List<SegmentName> found) {
        List<SegmentName> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingLong(SegmentName::baseOffset)
                .thenComparing(Comparator.comparingInt(SegmentName::generation).reversed()));
        List<SegmentName> current = new ArrayList<>(sorted.size());
        long replacedTo = -1;
        for (SegmentName name : sorted) {
            if (name.baseOffset >= replacedTo) {
                current.add(name);
                replacedTo = name.cleaning == null ? -1 : name.cleaning.endOffset();
            }
        }
        return current;
    }

    /** How often it was compacted. */
    int generation() {
        return cleaning == null ? 0 : cleaning.generation();
    }

    String logFile() {
        return stem() + ".log";
    }

    String indexFile() {
        return stem() + ".index";
    }

    private String stem() {
        String plain = String.format(Locale.ROOT, "%020d.%d", baseOffset, firstSequenceNr);
        return cleaning == null
                ? plain
                : plain + ".c" + cleaning.generation() + "-" + cleaning.cleanTo() + "-" + cleaning.endOffset();
    }
}
