package io.sluice.streams.node;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes applications by the names of their classes. */
final class ApplicationLoader implements AutoCloseable {

    private final URLClassLoader loader;

    private ApplicationLoader(URLClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Loads from the node's own class path, then from the jars of a directory.
     *
     * @throws IOException if the directory cannot be read
     */
    static ApplicationLoader of(ApplicationSettings settings) throws IOException {
        List<URL> jars = new ArrayList<>();
        if (settings.directory().isPresent()) {
            try (Stream<Path> files = Files.list(settings.directory().get())) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    addJar(file, jars);
                }
            }
        }
        return new ApplicationLoader(
                new URLClassLoader("streams", jars.toArray(URL[]::new), StreamApplication.class.getClassLoader()));
    }

    private static void addJar(Path file, List<URL> jars) throws MalformedURLException {
        if (file.toString().endsWith(".jar")) {
            jars.add(file.toUri().toURL());
        }
    }

    /**
     * A new application.
     *
     * @throws ReflectiveOperationException if there is no such class, or it cannot be made
     * @throws ClassCastException if it is no application
     */
    StreamApplication make(String className) throws ReflectiveOperationException {
        Class<? extends StreamApplication> type = Class.forName(className, true, loader)
                .asSubclass(StreamApplication.class);
        return type.getConstructor().newInstance();
    }

    /** For the thread that calls an application: libraries look there for what they load by name. */
    ClassLoader classes() {
        return loader;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
