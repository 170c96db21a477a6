package io.sluice.clusterconfig.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Reads points in time from the command line. */
final class Times {

    private Times() {
    }

    /**
     * A date, a date with time, or one with offset, in the form of ISO 8601; without offset in the given zone. Or milliseconds since the epoch after an
     * {@code @}.
     *
     * @return ms since the epoch
     * @throws CommandException USAGE for a text that is none
     */
    static long parse(String text, ZoneId zone) {
        try {
            if (text.startsWith("@")) {
                return Long.parseUnsignedLong(text.substring(1));
            }
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant().toEpochMilli();
            }
            if (text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")) {
                return OffsetDateTime.parse(text).toInstant().toEpochMilli();
            }
            return LocalDateTime.parse(text).atZone(zone).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException e) {
            throw new CommandException(ExitCode.USAGE, text
                    + " is no time; write 2026-01-31, 2026-01-31T12:00:00, 2026-01-31T12:00:00Z or @MILLISECONDS", e);
        }
    }
}
