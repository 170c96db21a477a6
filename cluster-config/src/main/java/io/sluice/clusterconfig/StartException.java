package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.CommandException;
import io.sluice.clusterconfig.cli.ExitCode;

/** The node cannot start (or go on); the message names cause and cure in one line for the person who started it. */
final class StartException extends CommandException {
    private static final long serialVersionUID = 1L;

    StartException(ExitCode code, String message) {
        super(code, message);
    }

    /** @param cause shown only when debug logging is on; may be null */
    StartException(ExitCode code, String message, Throwable cause) {
        super(code, message, cause);
    }

    /**
     * A wrong setting.
     *
     * @param origin where it was given
     */
    static StartException setting(String origin, String message) {
        return setting(origin + ": " + message);
    }

    /** A wrong setting, or settings that contradict each other. */
    static StartException setting(String message) {
        return new StartException(ExitCode.SETTING, message);
    }
}
