package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One node for all tests of a class: {@code @RegisterExtension static final NodeExtension node = NodeExtension.with(…)}. A test that
 * passed still fails when the node logged an error meanwhile that the test did not announce with {@code node.log().expect(…)}.
 */
final class NodeExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final AtomicInteger topics = new AtomicInteger();
    private Path home;
    private NodeProcess process;
    private Admin admin;

    private NodeExtension() {
    }

    /** @param keysAndValues settings of the node, a key and its value in turn */
    static NodeExtension with(String... keysAndValues) {
        NodeExtension extension = new NodeExtension();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            extension.settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return extension;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        home = Files.createTempDirectory("sluice-test");
        process = NodeProcess.create(context.getRequiredTestClass().getSimpleName(), home, settings).start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            process.log().assertNoUnexpectedError();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(1));
        }
        if (process != null) {
            process.close();
        }
        deleteTree(home);
    }

    NodeProcess process() {
        return process;
    }

    NodeLog log() {
        return process.log();
    }

    String bootstrap() {
        return process.bootstrap();
    }

    /** An Admin client that all tests of the class share. */
    Admin admin() {
        if (admin == null) {
            admin = JavaClients.admin(bootstrap());
        }
        return admin;
    }

    /** Creates a topic with a name of its own. */
    String createTopic(int partitions, String... configKeysAndValues) {
        String name = "topic-" + topics.incrementAndGet();
        JavaClients.createTopic(admin(), name, partitions, configKeysAndValues);
        return name;
    }

    private static void deleteTree(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
