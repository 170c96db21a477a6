package io.sluice.clusterconfig.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class IslandRulesTest {

    @Test
    void theSmallerSideGivesWay() {
        assertThat(IslandRules.givesWay("a", Set.of("a"), Set.of("b", "c"))).isTrue();
        assertThat(IslandRules.givesWay("b", Set.of("b", "c"), Set.of("a"))).isFalse();
    }

    @Test
    void ofTwoAlikeExactlyOneGivesWay() {
        assertThat(IslandRules.givesWay("a", Set.of("a", "d"), Set.of("b", "c"))).isFalse();
        assertThat(IslandRules.givesWay("c", Set.of("b", "c"), Set.of("a", "d"))).isTrue();
    }

    @Test
    void aSideThatKnowsThisNodeOrOneOfItsMembersIsTheSameCluster() {
        assertThat(IslandRules.givesWay("a", Set.of("a"), Set.of("a", "b"))).isFalse();
        assertThat(IslandRules.givesWay("a", Set.of("a", "c"), Set.of("b", "c", "d"))).isFalse();
    }

    @Test
    void aNodeThatIsNoMemberIsNoCluster() {
        assertThat(IslandRules.givesWay("a", Set.of("a"), Set.of())).isFalse();
    }
}
