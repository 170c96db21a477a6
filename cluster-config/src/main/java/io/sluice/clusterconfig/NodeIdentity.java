package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.Failures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Who a data directory belongs to: the file {@code node.json} in it, made once. A lost or replaced disk is a new identity, because what the old one
 * promised to the cluster is gone with it.
 *
 * @param clusterId id of the cluster, or null while the node has not met it yet
 * @param nodeId the node's id, or -1 while the cluster has not given it one
 * @param diskId made with the directory
 */
record NodeIdentity(String clusterId, int nodeId, String diskId) {
    static final String FILE = "node.json";

    /** A new disk that no cluster has seen. */
    static NodeIdentity unnamed() {
        return new NodeIdentity(null, -1, Uuid.randomUuid().toString());
    }

    /** The same disk, now a known node of a known cluster. */
    NodeIdentity of(String cluster, int node) {
        return new NodeIdentity(cluster, node, diskId);
    }

    /**
     * Reads the identity of a directory, null if it has none yet.
     *
     * @throws StartException if the file cannot be read or understood
     */
    static NodeIdentity read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                return null;
            }
            Config json = ConfigFactory.parseString(Files.readString(file),
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
            return new NodeIdentity(json.hasPath("clusterId") ? json.getString("clusterId") : null,
                    json.hasPath("nodeId") ? json.getInt("nodeId") : -1, json.getString("diskId"));
        } catch (IOException e) {
            throw unusable(file, "cannot be read: " + Failures.reason(e), e);
        } catch (ConfigException e) {
            throw unusable(file, "is damaged; restore it from a copy, or start with an empty data directory", e);
        }
    }

    /**
     * Makes the identity that of the directory: after a crash the old file is there, or the new one.
     *
     * @throws StartException if it cannot be written
     */
    void write(Path directory) {
        Map<String, Object> fields = new TreeMap<>(Map.of("diskId", diskId));
        if (clusterId != null) {
            fields.put("clusterId", clusterId);
        }
        if (nodeId >= 0) {
            fields.put("nodeId", nodeId);
        }
        String json = ConfigValueFactory.fromMap(fields).render(ConfigRenderOptions.concise()) + "\n";
        Path file = directory.resolve(FILE);
        Path draft = directory.resolve(FILE + ".new");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw unusable(file, "cannot be written: " + Failures.reason(e), e);
        }
    }

    private static StartException unusable(Path file, String why, Exception cause) {
        return new StartException(ExitCode.DATA_UNUSABLE, "file " + file + " " + why, cause);
    }
}
