package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes in the middle of a log are damaged. The message says where. */
public final class CorruptLogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message which log, where, and what is wrong */
    public CorruptLogException(String message) {
        super(message);
    }

    /**
     * @param file the damaged segment
     * @param position where its bad batch begins
     * @param offset the offset that batch has or should have
     * @param what what is wrong with it
     */
    public CorruptLogException(Path file, long position, long offset, String what) {
        super("damaged log: file " + file + ", position " + position + ", offset " + offset + ": " + what);
    }
}
