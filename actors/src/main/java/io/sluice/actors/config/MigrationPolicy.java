package io.sluice.actors.config;

import java.util.Locale;

/**
 * Which way a group may go from one protocol to the other while it has members (KIP-848, {@code group.consumer.migration.policy}). An empty one may always.
 */
public enum MigrationPolicy {
    /** Members of both protocols are never in one group. */
    DISABLED,
    /** From the consumer protocol to the classic one, when the last member of the former leaves. */
    DOWNGRADE,
    /** From the classic protocol to the consumer one, when the first member of the latter joins. */
    UPGRADE,
    /** Both. */
    BIDIRECTIONAL;

    /** The policy of a name, in whatever case. */
    public static MigrationPolicy named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    public boolean allowsUpgrade() {
        return this == UPGRADE || this == BIDIRECTIONAL;
    }

    public boolean allowsDowngrade() {
        return this == DOWNGRADE || this == BIDIRECTIONAL;
    }
}
