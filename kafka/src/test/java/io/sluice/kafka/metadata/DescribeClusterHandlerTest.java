package io.sluice.kafka.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescribeClusterHandlerTest {

    private final FakeController controller = new FakeController();
    private final DescribeClusterHandler handler = new DescribeClusterHandler(controller, new FakePartitions());

    private DescribeClusterResponseData call(int version, DescribeClusterRequestData request) {
        return Exchange.call(handler, version, request, DescribeClusterResponseData.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void showsTheNodesThatAreAlive(int version) {
        controller.image.node(1, true).node(2, false);
        controller.image.controllerId = 1;

        DescribeClusterResponseData response = call(version,
                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true));

        assertThat(response.errorCode()).isZero();
        assertThat(response.clusterId()).isEqualTo("the-cluster");
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.endpointType()).isEqualTo((byte) 1);
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(8096);
        assertThat(response.brokers()).extracting(DescribeClusterBroker::brokerId).containsExactly(0, 1);
        assertThat(response.brokers().find(1).host()).isEqualTo("host1");
        assertThat(response.brokers().find(1).port()).isEqualTo(9093);
        assertThat(response.brokers().find(1).rack()).isEqualTo("rack1");
        assertThat(call(version, new DescribeClusterRequestData()).clusterAuthorizedOperations())
                .isEqualTo(Integer.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void showsNodesThatAreNotAliveWhenAsked(int version) {
        controller.image.node(1, false);

        DescribeClusterResponseData response = call(version,
                new DescribeClusterRequestData().setIncludeFencedBrokers(true));

        assertThat(response.brokers()).extracting(DescribeClusterBroker::isFenced).containsExactly(false, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void hasNoEndpointsOfControllers(int version) {
        var controllers = new DescribeClusterRequestData().setEndpointType((byte) 2);
        assertThat(call(version, controllers).errorCode()).isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        var strange = new DescribeClusterRequestData().setEndpointType((byte) 9);
        assertThat(call(version, strange).errorCode()).isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
        assertThat(call(version, strange).errorMessage()).contains("9");
    }
}
