package io.sluice.clusterconfig.cli;

/** A command cannot do what it should; the message names cause and cure in one line for the person who gave it. */
public class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /**
     * Without a cause worth keeping.
     *
     * @param message cause and cure, one line
     */
    public CommandException(ExitCode code, String message) {
        this(code, message, null);
    }

    /**
     * With the failure behind it.
     *
     * @param message cause and cure, one line
     * @param cause shown only when debug logging is on; may be null
     */
    public CommandException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** How the process shall end. */
    public final ExitCode code() {
        return code;
    }
}
