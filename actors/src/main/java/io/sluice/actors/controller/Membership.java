package io.sluice.actors.controller;

import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** Who is alive, from membership events: up (or weakly up) and reachable. For one thread. */
final class Membership {

    private final Set<UniqueAddress> up = new HashSet<>();
    private final Set<UniqueAddress> unreachable = new HashSet<>();

    /** Addresses of the members that are alive in a state of the cluster. */
    static Set<String> alive(CurrentClusterState state) {
        Membership membership = new Membership();
        state.getMembers().forEach(membership::onMember);
        state.getUnreachable().forEach(member -> membership.unreachable.add(member.uniqueAddress()));
        return membership.alive();
    }

    /** Takes an event into account. */
    void onEvent(ClusterDomainEvent event) {
        switch (event) {
            case UnreachableMember gone -> unreachable.add(gone.member().uniqueAddress());
            case ReachableMember back -> unreachable.remove(back.member().uniqueAddress());
            case MemberEvent change -> onMember(change.member());
            default -> { // nothing else says who is alive
            }
        }
    }

    Set<String> alive() {
        Set<String> alive = new HashSet<>();
        for (UniqueAddress node : up) {
            if (!unreachable.contains(node)) {
                alive.add(node.address().toString());
            }
        }
        return alive;
    }

    private void onMember(Member member) {
        if (member.status().equals(MemberStatus.up()) || member.status().equals(MemberStatus.weaklyUp())) {
            up.add(member.uniqueAddress());
        } else {
            up.remove(member.uniqueAddress());
            if (member.status().equals(MemberStatus.removed())) {
                unreachable.remove(member.uniqueAddress());
            }
        }
    }
}
