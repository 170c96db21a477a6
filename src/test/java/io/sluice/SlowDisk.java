package io.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * A disk that takes its time to sync, as one process sees it: a library that is preloaded into it delays what it asks the kernel for. What is written is
 * in the page cache meanwhile, as with a disk that is busy. Needs a C compiler.
 */
final class SlowDisk {

    private static final Path SOURCE = NodeCommand.ROOT.resolve("src/test/resources/slow-disk/slow_sync.c");

    private final Path library;
    private final Path delay;

    /** @param home for the library and what it reads */
    SlowDisk(Path home) {
        library = home.resolve("slow_sync.so");
        delay = home.resolve("slow_sync.ms");
        RootCommand.run("gcc -shared -fPIC -O -o " + library + " " + SOURCE + " -ldl");
    }

    /** Whether there is what it takes. */
    static boolean isPossible() {
        return RootCommand.works("gcc --version");
    }

    /** What runs a command whose disk this is. */
    List<String> prefix() {
        return List.of("env", "LD_PRELOAD=" + library, "SLOW_SYNC=" + delay);
    }

    /** From now on, a sync takes so much longer. */
    void delay(Duration time) {
        try {
            Path next = Files.writeString(delay.resolveSibling("slow_sync.next"), Long.toString(time.toMillis()),
                    US_ASCII);
            Files.move(next, delay, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
