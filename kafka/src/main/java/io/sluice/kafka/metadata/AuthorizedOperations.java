package io.sluice.kafka.metadata;

import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/**
 * The bit fields that tell a client what it may do (KIP-430). While there are no ACLs, everybody may do everything that exists for the kind of
 * resource.
 */
final class AuthorizedOperations {

    /** The value where the client did not ask. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    static final int TOPIC = bits(List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.CREATE,
            AclOperation.DELETE, AclOperation.ALTER, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS));

    static final int CLUSTER = bits(List.of(AclOperation.CREATE, AclOperation.ALTER, AclOperation.DESCRIBE,
            AclOperation.CLUSTER_ACTION, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE));

    private AuthorizedOperations() {
    }

    private static int bits(List<AclOperation> operations) {
        return operations.stream().mapToInt(operation -> 1 << operation.code()).reduce(0, (a, b) -> a | b);
    }
}
