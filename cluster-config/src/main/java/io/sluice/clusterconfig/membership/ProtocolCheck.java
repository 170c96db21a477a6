package io.sluice.clusterconfig.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Keeps nodes apart that do not understand each other's messages. Pekko asks it on both sides when a node joins; made by reflection. */
public final class ProtocolCheck extends JoinConfigCompatChecker {

    /** The version of what nodes say to each other. Raised with every change that the version before does not understand. */
    static final int VERSION = 1;

    private static final String KEY = "sluice.cluster.protocol-version";

    /** This node's version, as a setting that no user can give. */
    public static Config config() {
        return ConfigFactory.parseString(KEY + " = " + VERSION);
    }

    @Override
    public Seq<String> requiredKeys() {
        return CollectionConverters.asScala(List.of(KEY)).toList();
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actual);
    }
}
