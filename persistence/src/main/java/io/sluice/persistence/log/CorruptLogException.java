package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes in the middle of a log are damaged. The message says where. */
public final class CorruptLogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Null if it cannot be mended. */
    private final transient Damage damage;

    /** @param message which log, where, and what is wrong */
    public CorruptLogException(String message) {
        super(message);
        damage = null;
    }

    /**
     * @param message which log, where, and what is wrong
     * @param damage what another replica can mend
     */
    CorruptLogException(String message, Damage damage) {
        super(message);
        this.damage = damage;
    }

    /**
     * @param file the damaged segment
     * @param position where its bad batch begins
     * @param offset the offset that batch has or should have
     * @param what what is wrong with it
     */
    public CorruptLogException(Path file, long position, long offset, String what) {
        super("damaged log: file " + file + ", position " + position + ", offset " + offset + ": " + what);
        damage = null;
    }

    /**
     * @param damage what another replica can mend, if the log has others
     * @param what what is wrong
     */
    CorruptLogException(Damage damage, String what) {
        super("damaged log: file " + damage.file() + ", position " + damage.position() + ", offset " + damage.from()
                + ": " + what);
        this.damage = damage;
    }

    /** What another replica can mend, null if nothing. */
    Damage damage() {
        return damage;
    }
}
