package io.sluice.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write, and what is remembered of it. */
class ClaimsTest {
    @TempDir
    private Path dir;
    private LogStore store;
    private ActorSystem system;
    private Claims claims;
    private final List<ActorRef> watched = new ArrayList<>();

    @BeforeEach
    void start() {
        store = FileLogStore.open(LogStoreSettings.of(dir));
        system = ActorSystem.create("claims", PluginRig.config(dir, ""));
        claims = new Claims(() -> store, system.deadLetters(), watched::add);
    }

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
        store.close();
    }

    @Test
    void aClaimGoesWithItsActor() throws Exception {
        ActorRef actor = new TestKit(system).getRef();
        for (int i = 0; i < 100; i++) {
            claims.take("id-" + i, actor);
        }
        assertThat(claims.size()).isEqualTo(100);

        claims.stopped(actor);

        assertThat(claims.size()).isZero();
        assertThat(claims.find("id-1", actor)).isNull();
        assertThat(watched).containsExactly(actor);
    }

    @Test
    void theDeposedIsRefusedEvenWhenNobodyElseIsLeft() {
        ActorRef older = new TestKit(system).getRef();
        ActorRef newer = new TestKit(system).getRef();
        claims.take("id", older);
        claims.take("id", newer);
        claims.stopped(newer);

        assertThat(claims.size()).isZero();
        assertThatThrownBy(() -> claims.forWrite("id", older)).isInstanceOf(FencedException.class);
    }

    @Test
    void theEndOfTheDeposedLeavesTheClaim() throws Exception {
        ActorRef older = new TestKit(system).getRef();
        ActorRef newer = new TestKit(system).getRef();
        claims.take("id", older);
        Claim claim = claims.take("id", newer);

        claims.stopped(older);

        assertThat(claims.forWrite("id", newer)).isSameAs(claim);
    }

    @Test
    void anActorThatRecoversAgainHasTheClaimAgain() throws Exception {
        ActorRef one = new TestKit(system).getRef();
        ActorRef other = new TestKit(system).getRef();
        claims.take("id", one);
        claims.take("id", other);
        Claim again = claims.take("id", one);

        assertThat(claims.forWrite("id", one)).isSameAs(again);
        assertThatThrownBy(() -> claims.forWrite("id", other)).isInstanceOf(FencedException.class)
                .hasMessageContaining("\"id\"");
    }

    @Test
    void ofClaimsWithoutAnActorOnlyTheLatestAreKept() throws Exception {
        for (int i = 0; i < 3000; i++) {
            claims.take("id-" + i, system.deadLetters());
        }
        assertThat(claims.size()).isEqualTo(1000);
        assertThat(claims.find("id-2999", system.deadLetters())).isNotNull();
        assertThat(watched).isEmpty();
    }
}
