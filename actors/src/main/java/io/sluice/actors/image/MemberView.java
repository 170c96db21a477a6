package io.sluice.actors.image;

import java.util.Set;

/**
 * What membership says.
 *
 * @param alive cluster addresses of the nodes that are up and reachable
 * @param controller cluster address of the node that runs the controller, or null while none is known
 */
public record MemberView(Set<String> alive, String controller) {

    /** Nobody is known yet. */
    public static final MemberView NONE = new MemberView(Set.of(), null);

    public MemberView {
        alive = Set.copyOf(alive);
    }
}
