package io.sluice.clusterconfig.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Tells what the failure of a Kafka client means: who is to blame, and what helps. */
final class ClientFailure {
    /** What precedes host and port in the cluster address of a node; it means nothing to the command's user. */
    private static final Pattern ACTOR_SYSTEM = Pattern.compile("pekko://[^@\\s]+@");

    private static final Pattern FULL_STOP = Pattern.compile("\\.$");
    /** How the client begins to tell that records were not acknowledged in time. */
    private static final String EXPIRING = "Expiring";

    private ClientFailure() {
    }

    /**
     * The failure as a command tells it.
     *
     * @param bootstrap the address that the client was given
     * @param timeout how long the client tried
     */
    static CommandException of(Throwable failure, String bootstrap, Duration timeout) {
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof CommandException told) {
            return told;
        }
        if (isNotFound(cause) || isNotFound(cause.getCause())) {
            return new CommandException(ExitCode.NOT_FOUND, notFound(cause), failure);
        }
        String reason = ACTOR_SYSTEM.matcher(Failures.reason(cause)).replaceAll("");
        if (cause instanceof UnsupportedVersionException) {
            return refused("the nodes at " + bootstrap + " cannot do that: " + reason, failure);
        }
        if (cause instanceof AuthenticationException) {
            return refused(reason + "; give credentials with --command-config", failure);
        }
        if (cause instanceof AuthorizationException) {
            return refused(reason + "; ask for the permission, or be another user with --command-config", failure);
        }
        if (cause instanceof GroupNotEmptyException || cause instanceof UnknownMemberIdException
                || cause instanceof GroupSubscribedToTopicException) {
            return refused("the group has members: stop them first (" + reason + ")", failure);
        }
        if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
            return refused(reason, failure);
        }
        if (reason.startsWith(EXPIRING)) {
            return new CommandException(ExitCode.UNREACHABLE,
                    "records were not acknowledged in time (" + reason
                            + "); see sluice cluster, or wait longer with --timeout",
                    failure);
        }
        return new CommandException(ExitCode.UNREACHABLE, "no answer from " + bootstrap + " within "
                + timeout.toSeconds() + " s (" + reason
                + "); check that a node runs there and is ready, and give its Kafka address with --bootstrap", failure);
    }

    private static CommandException refused(String message, Throwable failure) {
        return new CommandException(ExitCode.REFUSED, message, failure);
    }

    private static boolean isNotFound(Throwable e) {
        return e instanceof UnknownTopicOrPartitionException || e instanceof UnknownTopicIdException
                || e instanceof GroupIdNotFoundException || e instanceof BrokerIdNotRegisteredException;
    }

    private static String notFound(Throwable cause) {
        String where = switch (cause) {
            case GroupIdNotFoundException group -> "groups list";
            case BrokerIdNotRegisteredException node -> "cluster";
            default -> "topics list";
        };
        return FULL_STOP.matcher(Failures.reason(cause)).replaceAll("") + "; see sluice " + where;
    }
}
