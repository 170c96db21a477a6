package io.sluice.clusterconfig.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.cluster.Valid$;
import org.junit.jupiter.api.Test;

class ProtocolCheckTest {
    private final ProtocolCheck check = new ProtocolCheck();
    private final Config mine = ProtocolCheck.config();

    @Test
    void theSameVersionIsValid() {
        assertThat(check.check(ProtocolCheck.config(), mine)).isEqualTo(Valid$.MODULE$);
    }

    @Test
    void anotherVersionOrNoneIsNot() {
        assertThat(check.check(ConfigFactory.parseString("sluice.cluster.protocol-version = 999"), mine))
                .isNotEqualTo(Valid$.MODULE$);
        assertThat(check.check(ConfigFactory.empty(), mine)).isNotEqualTo(Valid$.MODULE$);
    }
}
