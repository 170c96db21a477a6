package io.sluice.clusterconfig;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Changes a setting of a node that is up. */
final class NodeSetting {

    private NodeSetting() {
    }

    /** @param value the value, or null to remove it */
    static void alter(Admin admin, int node, String name, String value)
            throws ExecutionException, InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(node));
        var change = new AlterConfigOp(new ConfigEntry(name, value), value == null ? OpType.DELETE : OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }
}
