package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * A file that opens on first use and is counted: it stays open while anybody holds it, even after it is unlinked, and after that until it is to
 * rest. Safe for use by any thread.
 */
final class HeldFile {
    private final Path file;
    private final OpenOption how;
    private final OpenFiles.OfLog files;
    private FileChannel channel;
    private int holders;
    private boolean resting;
    private boolean unlinked;

    /**
     * @param how for reading or for writing
     * @param files counts it while it is open
     */
    HeldFile(Path file, OpenOption how, OpenFiles.OfLog files) {
        this.file = file;
        this.how = how;
        this.files = files;
    }

    /**
     * Holds the file open until {@link #release}. A channel that an interrupted thread closed is opened again.
     *
     * @throws java.nio.file.NoSuchFileException if the file was deleted and nobody holds it
     */
    FileChannel acquire() throws IOException {
        FileChannel held;
        boolean more = false;
        synchronized (this) {
            if (channel == null || !channel.isOpen()) {
                more = channel == null;
                channel = FileChannel.open(file, how);
            }
            holders++;
            resting = unlinked;
            held = channel;
        }
        if (more) {
            files.opened(); // without the lock: it may close files of other logs
        }
        return held;
    }

    synchronized void release() {
        holders--;
        if (holders == 0 && resting) {
            close();
        }
    }

    /** Closes the file as soon as nobody holds it; it opens again on use. */
    synchronized void rest() {
        resting = true;
        if (holders == 0) {
            close();
        }
    }

    /** As {@link #rest}, and for good: the file is unlinked. */
    synchronized void unlinked() {
        unlinked = true;
        rest();
    }

    private void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // whatever was written was reported by write and force
            }
            channel = null;
            files.closed();
        }
    }
}
