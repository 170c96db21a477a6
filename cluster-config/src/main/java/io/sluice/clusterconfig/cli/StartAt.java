package io.sluice.clusterconfig.cli;

import java.time.ZoneId;

/**
 * Where reading begins in each partition.
 *
 * @param value the offset, or the time in ms since the epoch; of no meaning for the others
 */
record StartAt(Kind kind, long value) {

    /** How the place is said. */
    enum Kind {
        BEGINNING, LATEST, OFFSET, TIME
    }

    /** @throws CommandException USAGE for a text that is none */
    static StartAt parse(String text, ZoneId zone) {
        if (text.equals("beginning") || text.equals("earliest")) {
            return new StartAt(Kind.BEGINNING, 0);
        }
        if (text.equals("latest") || text.equals("end")) {
            return new StartAt(Kind.LATEST, 0);
        }
        if (text.matches("\\d{1,18}")) {
            return new StartAt(Kind.OFFSET, Long.parseLong(text));
        }
        if (text.matches("[@\\d].*")) {
            return new StartAt(Kind.TIME, Times.parse(text, zone));
        }
        throw new CommandException(ExitCode.USAGE, "--from " + text
                + ": write beginning, latest, an offset, a time such as 2026-01-31T12:00:00, or @MILLISECONDS");
    }
}
