package io.sluice.clusterconfig.membership;

import com.typesafe.config.Config;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.DefaultFailureDetectorRegistry;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Pekko's failure detector, which also takes somebody's word that the other process is gone. Pekko removes only members that its failure detector holds to be
 * unreachable, and by their heartbeats that takes seconds; a crash is often known in an instant. Pekko makes one for each member that this node watches, by the
 * setting {@code pekko.cluster.failure-detector.implementation-class}. Safe for use by many threads.
 */
public final class CrashAwareFailureDetector implements FailureDetector {
    private final FailureDetector heartbeats;
    private volatile boolean gone;

    /** As Pekko makes it, with the section that names this class. */
    public CrashAwareFailureDetector(Config section, EventStream events) {
        this(new PhiAccrualFailureDetector(section, events));
    }

    CrashAwareFailureDetector(FailureDetector heartbeats) {
        this.heartbeats = heartbeats;
    }

    /** Makes a member's failure detector know that its process is gone; nothing happens if this node does not watch that member. */
    static void gone(Cluster cluster, Address member) {
        if (cluster.failureDetector() instanceof DefaultFailureDetectorRegistry<Address> watched
                && watched.failureDetector(member)
                        .getOrElse(() -> null) instanceof CrashAwareFailureDetector detector) {
            detector.gone();
        }
    }

    /** The process is gone. Holds until there is a heartbeat from it after all. */
    void gone() {
        gone = true;
    }

    @Override
    public boolean isAvailable() {
        return !gone && heartbeats.isAvailable();
    }

    @Override
    public boolean isMonitoring() {
        return heartbeats.isMonitoring();
    }

    @Override
    public void heartbeat() {
        gone = false;
        heartbeats.heartbeat();
    }
}
