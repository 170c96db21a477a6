package io.sluice.persistence.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a segment file says the offset and the sequence number that its first batch has. */
record SegmentName(long baseOffset, long firstSequenceNr) {
    private static final Pattern FORM = Pattern.compile("(\\d{20})\\.(\\d{1,19})\\.log");

    /** The parts of a file name, or null if no segment is called so. */
    static SegmentName parse(String fileName) {
        Matcher m = FORM.matcher(fileName);
        if (!m.matches()) {
            return null;
        }
        try {
            return new SegmentName(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    String logFile() {
        return stem() + ".log";
    }

    String indexFile() {
        return stem() + ".index";
    }

    private String stem() {
        return String.format(Locale.ROOT, "%020d.%d", baseOffset, firstSequenceNr);
    }
}
