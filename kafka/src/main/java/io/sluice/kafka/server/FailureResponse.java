package io.sluice.kafka.server;

import java.lang.reflect.InvocationTargetException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** The answer for a handler that failed. */
final class FailureResponse {
    private FailureResponse() {
    }

    /** An otherwise empty response with the error, or null if the API has no error for the whole response in that version. */
    static ApiMessage of(ApiKeys api, short version, Errors error) {
        if (api.messageType.responseSchemas()[version].get("error_code") == null) {
            return null;
        }
        ApiMessage response = api.messageType.newResponse();
        try {
            // rare enough for reflection; the message classes have no common type for it
            response.getClass().getMethod("setErrorCode", short.class).invoke(response, error.code());
            return response;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("error code of " + api, e);
        }
    }
}
