package io.sluice.kafka.admin;

import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeAcls as a broker of Kafka without an authorizer answers it. It is served before there are ACLs because kafka-python takes a broker that
 * does not advertise it for one of version 0.10 and then writes record formats that nobody reads any more.
 */
final class DescribeAclsHandler implements ApiHandler {

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_ACLS;
    }

    @Override
    public CompletionStage<DescribeAclsResponseData> handle(RequestContext context, ApiMessage message) {
        return CompletableFuture.completedFuture(
                new DescribeAclsResponseData().setErrorCode(Errors.SECURITY_DISABLED.code())
                        .setErrorMessage("there are no ACLs: this cluster lets everybody do everything"));
    }
}
