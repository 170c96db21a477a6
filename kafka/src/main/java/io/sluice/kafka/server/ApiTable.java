package io.sluice.kafka.server;

import io.sluice.kafka.api.ApiHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/** Which handler serves which API. Immutable. */
final class ApiTable {
    private final ApiHandler[] byKey;

    /** @throws IllegalArgumentException if two serve the same */
    ApiTable(Collection<? extends ApiHandler> handlers) {
        int keys = handlers.stream().mapToInt(handler -> handler.api().id + 1).max().orElse(0);
        byKey = new ApiHandler[keys];
        for (ApiHandler handler : handlers) {
            if (byKey[handler.api().id] != null) {
                throw new IllegalArgumentException("two handlers of " + handler.api());
            }
            byKey[handler.api().id] = handler;
        }
    }

    /** The handler of an API, or null. */
    ApiHandler handler(short key) {
        return key >= 0 && key < byKey.length ? byKey[key] : null;
    }

    /** Whether a handler of that API takes the version. */
    static boolean serves(ApiHandler handler, short version) {
        return version >= handler.minVersion() && version <= handler.maxVersion();
    }

    /** All handlers, by key. */
    List<ApiHandler> handlers() {
        List<ApiHandler> all = new ArrayList<>();
        for (ApiKeys api : ApiKeys.values()) {
            ApiHandler handler = handler(api.id);
            if (handler != null) {
                all.add(handler);
            }
        }
        return all;
    }
}
