package io.sluice.clusterconfig;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Listens to the signals that ask a process to stop. A JVM left alone answers SIGTERM with exit status 143 and no second chance; a node ends with
 * 0 when it stopped as asked. {@code sun.misc.Signal} is the only way, and is reached by reflection because the compiler warns of its package.
 */
final class Signals {
    private static final List<String> STOPPING = List.of("TERM", "INT", "HUP");

    private Signals() {
    }

    /** Calls {@code action}, on a thread of the JVM's, at each signal to stop. Where the platform has no such signal, nothing happens. */
    static void onStop(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{handler},
                    (self, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(action, arguments); // the action is the handler's identity
                        }
                        action.run();
                        return null;
                    });
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : STOPPING) {
                install(signal, handle, name, proxy);
            }
        } catch (ReflectiveOperationException e) {
            // no signals on this platform: the JVM's own handling stays
        }
    }

    private static void install(Class<?> signal, Method handle, String name, Object handler)
            throws ReflectiveOperationException {
        try {
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (InvocationTargetException e) {
            // this one does not exist here, or the JVM keeps it to itself (-Xrs)
        }
    }
}
