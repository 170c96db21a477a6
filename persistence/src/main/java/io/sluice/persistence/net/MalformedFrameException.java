package io.sluice.persistence.net;

/** Bytes that are no frame of the protocol spoken. The message has no contents of the frame; the connection is to be closed. */
public class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, in one line */
    public MalformedFrameException(String message) {
        super(message, null, false, false);
    }
}
