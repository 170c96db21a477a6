package io.sluice.persistence.replication.net;

/** The first byte behind a frame's length. Codes are never given a second meaning. */
enum FrameType {
    /** The first frame of who connects: who it is, and whom it means. */
    HELLO(1),
    /** The answer to a hello that fits. */
    WELCOME(2),
    /** The answer to a hello that does not, and why; the last frame. */
    REFUSED(3),
    /** Says only that the sender is alive. */
    ALIVE(4), CLAIM(16), READ(17), SYNC(18), APPEND(19), SEAL(20), PUT_SNAPSHOT(21), DROP_SNAPSHOTS(22), FIND_SNAPSHOT(
            23), RESTORE(24), PROMISE(32), REJECT(33), ENTRIES(34), ACK(
                    35), NACK(36), SEALED(
                            37), STORED(38), SNAPSHOT_STORED(39), SNAPSHOT(40), NO_SNAPSHOT(41), SUSPECT(42);

    private static final FrameType[] BY_CODE = new FrameType[64];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** Whether its frames carry record batches or a snapshot and so may be large. */
    boolean mayBeLarge() {
        return this == APPEND || this == ENTRIES || this == PUT_SNAPSHOT || this == SNAPSHOT;
    }

    /** The type with a code; null if there is none. */
    static FrameType of(byte code) {
        return code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
    }
}
