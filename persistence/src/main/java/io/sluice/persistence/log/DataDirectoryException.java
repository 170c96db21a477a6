package io.sluice.persistence.log;

/** A data directory cannot be used; the message names the cause and the cure in one line. */
public final class DataDirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it cannot be used. */
    public enum Kind {
        /** Another process, or another store of this one, has it open. */
        IN_USE,
        /** It is of another format version. */
        OTHER_FORMAT,
        /** It cannot be read or written, or is not what it should be. */
        UNUSABLE,
        /** A setting of the store has a value that is not possible. */
        WRONG_SETTING
    }

    private final Kind kind;

    /** Of kind {@link Kind#UNUSABLE}. */
    public DataDirectoryException(String message, Throwable cause) {
        this(Kind.UNUSABLE, message, cause);
    }

    public DataDirectoryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why it cannot be used. */
    public Kind kind() {
        return kind;
    }
}
