package io.sluice.actors.config;

/**
 * The settings of a node that are fixed while it runs, typed.
 *
 * @param nodeId the id wanted, or -1 for the one it had or the lowest free one
 * @param rack the node's rack, or null
 * @param numPartitions partitions of a topic that is created without a number
 * @param defaultReplicationFactor replication factor of a topic that is created without one
 * @param autoCreateTopics whether topics that clients ask for are created
 * @param deleteTopics whether topics can be deleted
 * @param socketRequestMaxBytes largest request, in bytes
 * @param fetchMaxBytes most bytes of one fetch's answer
 * @param maxFetchSessions most incremental fetch sessions
 * @param connectionsMaxIdleMs idle time after which a connection is closed, in milliseconds
 * @param maxConnections most connections
 * @param maxConnectionsPerIp most connections from one address
 * @param retentionCheckIntervalMs time between two runs of retention, in milliseconds
 * @param producerIdExpirationMs time after which an idle producer's state is forgotten, in milliseconds
 */
public record NodeSettings(int nodeId, String rack, int numPartitions, short defaultReplicationFactor,
        boolean autoCreateTopics, boolean deleteTopics, int socketRequestMaxBytes, int fetchMaxBytes,
        int maxFetchSessions, long connectionsMaxIdleMs, int maxConnections, int maxConnectionsPerIp,
        long retentionCheckIntervalMs, long producerIdExpirationMs) {

    static NodeSettings of(StaticConfigs configs) {
        int nodeId = (int) configs.get(BrokerConfigs.NODE_ID);
        return new NodeSettings(nodeId >= 0 ? nodeId : (int) configs.get(BrokerConfigs.BROKER_ID),
                (String) configs.get(BrokerConfigs.BROKER_RACK), (int) configs.get(BrokerConfigs.NUM_PARTITIONS),
                (short) Math.min(Short.MAX_VALUE, (int) configs.get(BrokerConfigs.DEFAULT_REPLICATION_FACTOR)),
                (boolean) configs.get(BrokerConfigs.AUTO_CREATE_TOPICS_ENABLE),
                (boolean) configs.get(BrokerConfigs.DELETE_TOPIC_ENABLE),
                (int) configs.get(BrokerConfigs.SOCKET_REQUEST_MAX_BYTES),
                (int) configs.get(BrokerConfigs.FETCH_MAX_BYTES), (int) configs.get(BrokerConfigs.MAX_FETCH_SESSIONS),
                (long) configs.get(BrokerConfigs.CONNECTIONS_MAX_IDLE_MS),
                (int) configs.get(BrokerConfigs.MAX_CONNECTIONS),
                (int) configs.get(BrokerConfigs.MAX_CONNECTIONS_PER_IP),
                (long) configs.get(BrokerConfigs.LOG_RETENTION_CHECK_INTERVAL_MS),
                (int) configs.get(BrokerConfigs.PRODUCER_ID_EXPIRATION_MS));
    }
}
