package io.sluice.actors.partition;

import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store whose disk refuses appends while the test says so. */
final class FailingDisk {

    volatile boolean full;

    LogStore around(LogStore store) {
        return proxy(LogStore.class, store, (method, result) -> method.getName().equals("open")
                ? ((CompletionStage<?>) result).thenApply(log -> around((Log) log))
                : result);
    }

    private Log around(Log log) {
        return proxy(Log.class, log, (method, result) -> result);
    }

    private interface Answer {
        Object to(Method method, Object result);
    }

    private <T> T proxy(Class<T> type, T target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (self, method, args) -> {
            if (full && method.getName().equals("append")) {
                return CompletableFuture.failedFuture(new IOException("no space left on device"));
            }
            try {
                return answer.to(method, method.invoke(target, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
