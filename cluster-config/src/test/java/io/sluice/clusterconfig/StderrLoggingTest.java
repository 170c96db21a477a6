package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class StderrLoggingTest {

    @Test
    void shouldWriteOneLineWithoutSpaceAtItsEnd() {
        assertThat(line(null)).endsWith("StderrLoggingTest: told" + System.lineSeparator());
        assertThat(line(new IllegalStateException("broken"))).hasLineCount(1).contains("told ", "broken")
                .doesNotContain(" " + System.lineSeparator());
    }

    private static String line(Throwable failure) {
        LoggerContext context = new LoggerContext();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(StderrLogging.WITHOUT_TRACE);
        layout.start();
        return layout.doLayout(new LoggingEvent("", context.getLogger(StderrLoggingTest.class), Level.INFO, "told",
                failure, null));
    }
}
