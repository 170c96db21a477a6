package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Small text files that are replaced as a whole: written beside, synced, renamed, and the directory synced. The last line is a checksum of the
 * lines before it, so a reader knows a file that some other hand has damaged.
 */
final class DurableFiles {
    private static final String CRC = "crc=";

    private DurableFiles() {
    }

    /** Replaces the file; it survives a power loss once this returns. */
    static void write(Path file, String text) throws IOException {
        byte[] body = (text + CRC + Integer.toHexString(crc(text)) + '\n').getBytes(StandardCharsets.UTF_8);
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(body);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(file.getParent());
    }

    /** The text of a file without its checksum, or null if there is none. Fails if the checksum is wrong. */
    static String read(Path file) throws IOException {
        String all;
        try {
            all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        }
        int at = all.lastIndexOf(CRC);
        if (at < 0 || !all.substring(at).equals(CRC + Integer.toHexString(crc(all.substring(0, at))) + '\n')) {
            throw new IOException("damaged file " + file + ": its checksum is wrong");
        }
        return all.substring(0, at);
    }

    /** The {@code key=value} lines of a text. */
    static Map<String, String> keyValues(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int eq = line.indexOf('=');
            if (eq > 0) {
                values.put(line.substring(0, eq), line.substring(eq + 1));
            }
        });
        return values;
    }

    /** Makes the names in a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static int crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
