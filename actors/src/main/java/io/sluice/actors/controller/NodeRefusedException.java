package io.sluice.actors.controller;

/** The cluster does not take this node; the message says in one line why, and what to do. Trying again does not help. */
public final class NodeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why a node is refused. */
    public enum Kind {
        /** Another node has its id, or runs with a copy of its data directory. */
        TWIN,
        /** Its data directory belongs to another cluster or node. */
        FOREIGN
    }

    NodeRefusedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why it is refused. */
    public Kind kind() {
        return kind;
    }
}
