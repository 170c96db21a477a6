package io.sluice.persistence.log;

/** The offset asked for is below the log start offset or beyond the high watermark. */
public final class OffsetOutOfRangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OffsetOutOfRangeException(String message) {
        super(message);
    }
}
