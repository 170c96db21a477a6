package io.sluice.actors.group;

/**
 * Who asks.
 *
 * @param clientId from the request header, or null
 * @param host the client's address as it is shown, with a leading slash
 * @param joinVersion version of JoinGroup it speaks
 */
public record GroupClient(String clientId, String host, short joinVersion) {
    private static final short KNOWN_ID_NEEDED = 4;
    private static final short SKIPS_ASSIGNMENT = 9;

    public GroupClient {
        clientId = clientId == null ? "" : clientId;
    }

    /** A client that does not speak of JoinGroup. */
    public GroupClient(String clientId, String host) {
        this(clientId, host, (short) 0);
    }

    /** Whether a new member must come back with the id it was given before it counts (KIP-394). */
    boolean needsKnownId() {
        return joinVersion >= KNOWN_ID_NEEDED;
    }

    /** Whether a leader can be told to keep the assignment (KIP-814). */
    boolean canSkipAssignment() {
        return joinVersion >= SKIPS_ASSIGNMENT;
    }

    /** The client id, or a stand-in if it is empty, for the member id made of it. */
    String idOrUnknown() {
        return clientId.isEmpty() ? "unknown" : clientId;
    }
}
