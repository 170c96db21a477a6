package io.sluice.clusterconfig.membership;

/** The node and its seeds do not belong together; the message says in one line why, and what to do. */
public final class JoinRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JoinRefusedException(String message) {
        super(message);
    }
}
