package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.StaticConfigs;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminHandlersTest {

    private final FakeController controller = new FakeController();
    private final List<ApiHandler> handlers = AdminHandlers.all(controller, new FakePartitions(), StaticConfigs.NONE,
            Path.of("data"));

    private ApiHandler handler(ApiKeys api) {
        return handlers.stream().filter(handler -> handler.api() == api).findFirst().orElseThrow();
    }

    @Test
    void thereIsOneHandlerForEachApi() {
        assertThat(handlers).extracting(ApiHandler::api).containsExactlyInAnyOrder(ApiKeys.METADATA,
                ApiKeys.DESCRIBE_CLUSTER, ApiKeys.DESCRIBE_TOPIC_PARTITIONS, ApiKeys.CREATE_TOPICS,
                ApiKeys.DELETE_TOPICS, ApiKeys.CREATE_PARTITIONS, ApiKeys.DELETE_RECORDS, ApiKeys.DESCRIBE_CONFIGS,
                ApiKeys.ALTER_CONFIGS, ApiKeys.INCREMENTAL_ALTER_CONFIGS, ApiKeys.DESCRIBE_LOG_DIRS,
                ApiKeys.LIST_CONFIG_RESOURCES, ApiKeys.DESCRIBE_ACLS, ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                ApiKeys.LIST_PARTITION_REASSIGNMENTS, ApiKeys.ELECT_LEADERS, ApiKeys.DESCRIBE_QUORUM,
                ApiKeys.UNREGISTER_BROKER);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aclsAreSaidToBeOff(int version) {
        var response = Exchange.call(handler(ApiKeys.DESCRIBE_ACLS), version, new DescribeAclsRequestData(),
                DescribeAclsResponseData.class);
        assertThat(response.errorCode()).isEqualTo(Errors.SECURITY_DISABLED.code());
        assertThat(response.errorMessage()).isNotBlank();
        assertThat(response.resources()).isEmpty();
        assertThat(Exchange.versions(handler(ApiKeys.DESCRIBE_ACLS)).boxed()).containsExactly(1, 2, 3);
    }

    private ListConfigResourcesResponseData list(int version, Byte... types) {
        return Exchange.call(handler(ApiKeys.LIST_CONFIG_RESOURCES), version,
                new ListConfigResourcesRequestData().setResourceTypes(List.of(types)),
                ListConfigResourcesResponseData.class);
    }

    @Test
    void topicsAndLiveNodesHaveSettings() {
        controller.image.node(1, false);
        controller.image.topic("t", 1);
        assertThat(list(1).configResources()).containsExactlyInAnyOrder(
                new ConfigResource().setResourceType((byte) 4).setResourceName("0"),
                new ConfigResource().setResourceType((byte) 2).setResourceName("t"));
        assertThat(list(1, (byte) 2, (byte) 2, (byte) 8, (byte) 16).configResources())
                .extracting(ConfigResource::resourceName).containsExactly("t");
        assertThat(list(0).configResources()).as("version 0 is about client metrics").isEmpty();
        assertThat(list(1, (byte) 99).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }
}
