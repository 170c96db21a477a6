package io.sluice.actors.group;

import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What a member of a consumer group wants to read.
 *
 * @param names names of topics, sorted; they need not exist yet
 * @param regex topics by regular expression (RE2), or empty
 * @param assignor the assignor it would like, or empty if it does not mind
 */
record Subscription(List<String> names, String regex, String assignor) {
    static final Subscription NONE = new Subscription(List.of(), "", "");

    /** With what a heartbeat says; null is what did not change. */
    Subscription with(List<String> newNames, String newRegex, String newAssignor) {
        return new Subscription(newNames == null ? names : List.copyOf(new TreeSet<>(newNames)),
                Objects.requireNonNullElse(newRegex, regex), Objects.requireNonNullElse(newAssignor, assignor));
    }
}
