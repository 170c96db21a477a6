package io.sluice.persistence.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimitedLogTest {
    private long nanos;

    @Test
    void shouldLeaveLinesOutAndSayHowMany() {
        Logger logger = (Logger) LoggerFactory.getLogger("limited");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        LimitedLog limited = new LimitedLog(logger, () -> nanos);
        for (int i = 0; i < LimitedLog.LINES_PER_SECOND + 7; i++) {
            limited.warn("{} and {}", i, "more");
        }
        assertThat(lines.list).hasSize(LimitedLog.LINES_PER_SECOND);
        nanos += 1_000_000_000L;
        limited.warn("{} and {}", "next", "more");
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).endsWith("next and more")
                .contains("7 more lines like the following were left out");
    }
}
