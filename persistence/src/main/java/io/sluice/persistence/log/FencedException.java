package io.sluice.persistence.log;

/** A writer that is no longer (or not yet) the one in charge tried to append; nothing was stored. */
public final class FencedException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    public FencedException(String message) {
        super(message);
    }
}
