package io.sluice.clusterconfig;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code: events go to standard error, one line each; parsing an XML file would cost the start a tenth of a second. Found by
 * Logback as a service. Stack traces are shown from level debug on only.
 */
public final class StderrLogging extends ContextAwareBase implements Configurator {
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg";
    /** The failure on the same line, after a space; no space without one. */
    static final String WITHOUT_TRACE = LINE
            + "%replace(%replace( %ex{short}){'[\\r\\n\\t ]+',' '}){' $',''}%nopex%n";
    private static final String WITH_TRACE = LINE + "%n%ex";
    /** Libraries that tell at INFO what only their authors want to know. */
    private static final String[] TALKATIVE = {"org.apache.pekko", "org.apache.kafka", "io.netty"};

    /**
     * Libraries that warn of what is normal here and mended by itself: connections to a node that is not there (yet, or any more), heartbeats that are
     * late but in time, sharding that waits for a node that has joined and not started its shards, a stop that waits in vain for nodes that are gone. What comes of it is told: who is unreachable, who is
     * down, what a start waits for.
     */
    private static final String[] EASILY_WORRIED = {"org.apache.pekko.stream.Materializer",
            "org.apache.pekko.remote.artery.Association", "org.apache.pekko.remote.artery.ArteryTransport",
            "org.apache.pekko.remote.PhiAccrualFailureDetector",
            "org.apache.pekko.cluster.sharding.DDataShardCoordinator", "org.apache.pekko.cluster.ClusterHeartbeat",
            "org.apache.pekko.actor.CoordinatedShutdown"};

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Sets how much is logged from now on. */
    static void setLevel(String level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context, Level.toLevel(level));
        }
    }

    private static void apply(LoggerContext context, Level level) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(Level.DEBUG.isGreaterOrEqual(level) ? WITH_TRACE : WITHOUT_TRACE);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        root.setLevel(level);
        for (String name : TALKATIVE) {
            context.getLogger(name).setLevel(level == Level.INFO ? Level.WARN : level);
        }
        for (String name : EASILY_WORRIED) {
            context.getLogger(name).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.OFF : level);
        }
    }
}
