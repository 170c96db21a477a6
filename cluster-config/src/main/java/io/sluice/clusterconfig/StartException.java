package io.sluice.clusterconfig;

/** The node cannot start (or go on); the message names cause and cure in one line for the person who started it. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    StartException(ExitCode code, String message) {
        this(code, message, null);
    }

    /** @param cause shown only when debug logging is on; may be null */
    StartException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** How the process shall end. */
    ExitCode code() {
        return code;
    }

    /** A wrong setting. */
    static StartException setting(String message) {
        return new StartException(ExitCode.SETTING, message);
    }
}
