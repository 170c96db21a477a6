package io.sluice.actors.group;

/** The member epochs with a meaning of their own. */
final class Epochs {
    static final int JOIN = 0;
    static final int LEAVE = -1;
    /** Of static members: they will be back, and keep what they have until their session ends. */
    static final int LEAVE_FOR_A_WHILE = -2;

    private Epochs() {
    }
}
