package io.sluice.persistence.replicated;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of one log on {@link ThreeNodes} that are up when it begins and closed after it. */
abstract class OnThreeNodes {
    @TempDir
    private Path directory;
    ThreeNodes nodes;

    @BeforeEach
    void startNodes() {
        nodes = new ThreeNodes(directory);
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }
}
