package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import io.sluice.actors.config.StaticConfigs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All settings of a node, checked as a whole when made. Immutable.
 *
 * @param dataDirectory where everything is kept
 * @param listen where Kafka clients connect; port 0 for any
 * @param advertise what clients are told, null for the address listened on; port 0 stands for the port listened on
 * @param cluster where other nodes connect; port 0 for any
 * @param seeds nodes to join, empty for a cluster of its own
 * @param joinTimeout how long to try to become a member
 * @param formTimeout how long the first seed waits for word from the others before it forms the cluster
 * @param restartWhenRemoved whether a node that the cluster removed starts again by itself
 * @param startTimeout how long the start may take
 * @param stopTimeout how long the stop may take
 * @param logLevel in lower case, as SLF4J names it
 * @param broker settings with Kafka names, known and valid one by one
 * @param config the whole resolved configuration, for the actor system
 */
record NodeSettings(Path dataDirectory, HostPort listen, HostPort advertise, HostPort cluster, List<HostPort> seeds,
        Duration joinTimeout, Duration formTimeout, boolean restartWhenRemoved, Duration startTimeout,
        Duration stopTimeout, String logLevel, StaticConfigs broker,
        Config config) {

    /** @throws StartException if settings contradict each other */
    NodeSettings {
        seeds = List.copyOf(seeds);
        if (listen.port() != 0 && listen.port() == cluster.port()) {
            throw StartException.setting("sluice.listen and sluice.cluster.listen both take port " + listen.port()
                    + "; choose another for one of them");
        }
        for (HostPort seed : seeds) {
            if (seed.port() == 0) {
                throw StartException
                        .setting("sluice.cluster.seeds: seed " + seed
                                + " has no port; give the port of its sluice.cluster.listen");
            }
        }
        if (advertise == null && isWildcard(listen.host())) {
            throw StartException.setting("sluice.listen is " + listen
                    + ", which no client can connect to; say what clients shall be told with sluice.advertise=HOST:PORT");
        }
        if (isWildcard(cluster.host())) {
            throw StartException.setting("sluice.cluster.listen is " + cluster
                    + ", which no other node can connect to; give the address that they shall use");
        }
    }

    /** What clients are told, once the port listened on is known. */
    HostPort advertised(int boundPort) {
        HostPort told = advertise == null ? listen : advertise;
        return told.port() == 0 ? told.withPort(boundPort) : told;
    }

    /** The same, with the ports that were taken where the settings said any. */
    NodeSettings on(HostPort kafka, HostPort clusterAddress) {
        return new NodeSettings(dataDirectory, kafka, advertise, clusterAddress, seeds, joinTimeout, formTimeout,
                restartWhenRemoved, startTimeout, stopTimeout, logLevel, broker, config);
    }

    /** Whether stack traces are wanted. */
    boolean isDebug() {
        return logLevel.equals("debug") || logLevel.equals("trace");
    }

    /** Whether a host stands for all addresses of the machine. */
    static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
    }
}
