package io.sluice.clusterconfig.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads words of the form {@code KEY=VALUE}. */
final class Assignments {

    private Assignments() {
    }

    /**
     * The values by key, in the order given; only the first {@code =} of each separates.
     *
     * @param what what they are, for the message
     * @throws CommandException USAGE for a word without key or {@code =}, or a key given twice
     */
    static Map<String, String> parse(String what, Collection<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int at = word.indexOf('=');
            if (at <= 0) {
                throw new CommandException(ExitCode.USAGE, what + " " + word + ": write KEY=VALUE");
            }
            if (values.put(word.substring(0, at), word.substring(at + 1)) != null) {
                throw new CommandException(ExitCode.USAGE, what + " " + word.substring(0, at) + " is given twice");
            }
        }
        return values;
    }
}
