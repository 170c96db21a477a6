package io.sluice.clusterconfig.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.clusterconfig.membership.SeedMessage.Introduction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;

class JoinRulesTest {
    private static final Address A = address(1);
    private static final Address B = address(2);
    private static final Address C = address(3);
    private static final Address OTHER = address(9);
    private static final List<Address> SEEDS = List.of(A, B, C);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LATER = Duration.ofSeconds(2);
    private static final Duration FORM_TIMEOUT = Duration.ofSeconds(3);
    private static final Introduction NEW = new Introduction(null, Set.of());
    private static final Introduction OF_X = new Introduction("X", Set.of());
    private static final Introduction IN_X = new Introduction("X", Set.of(A.toString()));
    private static final Introduction IN_Y = new Introduction("Y", Set.of(A.toString()));

    @Test
    void aNodeWithoutSeedsFormsItsClusterAtOnce() {
        assertThat(new JoinRules(A, List.of(), Set.of(), null, FORM_TIMEOUT).decide(Map.of(), AT_ONCE))
                .isInstanceOf(JoinDecision.Form.class);
    }

    @Test
    void aNodeWithoutSeedsJoinsThoseThatJoinedItBefore() {
        JoinRules rules = new JoinRules(A, List.of(), Set.of(OTHER), "X", FORM_TIMEOUT);

        assertThat(rules.contacts()).containsExactly(OTHER);
        assertThat(rules.decide(Map.of(OTHER, IN_X), AT_ONCE)).isEqualTo(new JoinDecision.Join(List.of(OTHER)));
        assertThat(rules.decide(Map.of(), AT_ONCE)).isInstanceOf(JoinDecision.Wait.class);
        assertThat(rules.decide(Map.of(), LATER)).isInstanceOf(JoinDecision.Form.class);
    }

    @Test
    void theFirstSeedFormsANewClusterOnceTheOthersKnowOfNone() {
        assertThat(fresh(A).decide(Map.of(B, NEW, C, NEW), AT_ONCE)).isInstanceOf(JoinDecision.Form.class);
    }

    @Test
    void theFirstSeedFormsANewClusterAloneAfterAWhile() {
        assertThat(fresh(A).decide(Map.of(B, NEW), LATER)).asInstanceOf(type(JoinDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.why()).contains("no answer from h:3", "waiting too: h:2"));
        assertThat(fresh(A).decide(Map.of(), FORM_TIMEOUT)).isInstanceOf(JoinDecision.Form.class);
    }

    @Test
    void theOthersWaitForItHoweverLongItTakes() {
        assertThat(fresh(B).decide(Map.of(C, NEW), FORM_TIMEOUT)).asInstanceOf(type(JoinDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.why()).contains("h:1"));
        assertThat(fresh(OTHER).decide(Map.of(A, NEW, B, NEW, C, NEW), FORM_TIMEOUT))
                .isInstanceOf(JoinDecision.Wait.class);
    }

    @Test
    void aRunningClusterIsJoinedThroughWhoIsInIt() {
        assertThat(fresh(A).decide(Map.of(B, NEW, C, IN_X), AT_ONCE)).isEqualTo(new JoinDecision.Join(List.of(C)));
        assertThat(of("X", B).decide(Map.of(A, IN_X, C, IN_X), AT_ONCE))
                .isEqualTo(new JoinDecision.Join(List.of(A, C)));
    }

    @Test
    void aClusterWithoutIdYetIsJoinedByNewNodesOnly() {
        Introduction young = new Introduction(null, Set.of(A.toString()));

        assertThat(fresh(B).decide(Map.of(A, young), AT_ONCE)).isEqualTo(new JoinDecision.Join(List.of(A)));
        assertThat(of("X", B).decide(Map.of(A, young), LATER)).isInstanceOf(JoinDecision.Wait.class);
    }

    @Test
    void anotherClusterIsNeverJoined() {
        assertThat(of("X", B).decide(Map.of(A, IN_Y), AT_ONCE)).asInstanceOf(type(JoinDecision.Refuse.class))
                .satisfies(refused -> assertThat(refused.why()).contains("cluster X", "h:1", "cluster Y")
                        .doesNotContain("\n"));
    }

    @Test
    void twoClustersAmongTheSeedsAreAMistake() {
        assertThat(fresh(C).decide(Map.of(A, IN_X, B, IN_Y), AT_ONCE)).asInstanceOf(type(JoinDecision.Refuse.class))
                .satisfies(refused -> assertThat(refused.why()).contains("h:1 of X, h:2 of Y"));
    }

    @Test
    void aWipedSeedNeverFormsAClusterWhileAnotherRemembersOne() {
        assertThat(fresh(A).decide(Map.of(B, OF_X, C, NEW), FORM_TIMEOUT.multipliedBy(100)))
                .asInstanceOf(type(JoinDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.why()).contains("new", "h:2 remembers a cluster"));
    }

    @Test
    void theFirstOfThoseThatRememberFormsTheClusterAgain() {
        assertThat(of("X", A).decide(Map.of(B, OF_X, C, OF_X), AT_ONCE)).isInstanceOf(JoinDecision.Form.class);
        assertThat(of("X", B).decide(Map.of(A, OF_X, C, OF_X), FORM_TIMEOUT)).isInstanceOf(JoinDecision.Wait.class);
        assertThat(of("X", B).decide(Map.of(A, NEW, C, OF_X), AT_ONCE)).as("the first was wiped")
                .isInstanceOf(JoinDecision.Form.class);
    }

    @Test
    void aMajorityThatRemembersDoesNotNeedTheFirstSeed() {
        assertThat(of("X", B).decide(Map.of(C, OF_X), AT_ONCE)).isInstanceOf(JoinDecision.Wait.class);
        assertThat(of("X", B).decide(Map.of(C, OF_X), LATER)).isInstanceOf(JoinDecision.Form.class);
        assertThat(of("X", C).decide(Map.of(B, OF_X), FORM_TIMEOUT)).isInstanceOf(JoinDecision.Wait.class);
        assertThat(of("X", B).decide(Map.of(), FORM_TIMEOUT)).as("alone").isInstanceOf(JoinDecision.Wait.class);
    }

    @Test
    void aSeedOfAnotherClusterThatWaitsIsNamedAndLeftAlone() {
        Introduction ofY = new Introduction("Y", Set.of());

        assertThat(of("X", B).decide(Map.of(A, ofY), LATER)).asInstanceOf(type(JoinDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.why()).contains("of another cluster: h:1"));
        assertThat(of("X", B).decide(Map.of(A, ofY, C, OF_X), LATER)).isInstanceOf(JoinDecision.Form.class);
    }

    private static JoinRules fresh(Address self) {
        return of(null, self);
    }

    private static JoinRules of(String clusterId, Address self) {
        return new JoinRules(self, SEEDS, Set.of(), clusterId, FORM_TIMEOUT);
    }

    private static Address address(int port) {
        return new Address("pekko", "sluice", "h", port);
    }
}
