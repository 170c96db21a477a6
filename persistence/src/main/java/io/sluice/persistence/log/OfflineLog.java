package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The files of a log, read by themselves: without the data directory's lock, without recovery, and without changing anything. Also works beside a
 * running node, whose last batch may then be seen half written. Immutable.
 *
 * @param directory where the segments are
 * @param persistenceId whose log it is, null if {@code log.meta} does not tell
 * @param kind what it holds; {@link EntryBatch.Kind#RECORDS} if {@code log.meta} does not tell
 * @param segments the segments to read, by base offset
 */
public record OfflineLog(Path directory, String persistenceId, EntryBatch.Kind kind, List<Path> segments) {
    private static final String LOGS = "logs";
    private static final String SEGMENTS = "*.log";

    /** Sees what a log holds, in order. */
    public interface Visitor {

        /** An undamaged batch. */
        void batch(Path file, long position, BatchHeader batch);

        /** Bytes that are no undamaged batch. */
        void damage(SegmentDamage damage);
    }

    /**
     * The logs at a path: a segment, the directory of a log, or a data directory. By name; empty if there are none.
     *
     * @throws IOException if the path does not exist or cannot be read
     */
    public static List<OfflineLog> at(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Path file = path.toRealPath();
            return List.of(of(file.getParent(), List.of(file)));
        }
        List<Path> own = list(path, SEGMENTS);
        if (!own.isEmpty()) {
            return List.of(of(path, own));
        }
        Path logs = path.resolve(LOGS);
        List<OfflineLog> found = new ArrayList<>();
        for (Path directory : list(Files.isDirectory(logs) ? logs : path, "*")) {
            List<Path> segments = Files.isDirectory(directory) ? list(directory, SEGMENTS) : List.of();
            if (!segments.isEmpty()) {
                found.add(of(directory, segments));
            }
        }
        return found;
    }

    private static OfflineLog of(Path directory, List<Path> found) throws IOException {
        List<Path> segments = withoutReplaced(found);
        String text = DurableFiles.read(directory.resolve(LogDirectory.META));
        Map<String, String> meta = text == null ? Map.of() : DurableFiles.keyValues(text);
        String id = meta.get("id");
        String kind = meta.get("kind");
        return new OfflineLog(directory, id == null ? null : LogNames.decode(id),
                kind == null ? EntryBatch.Kind.RECORDS : EntryBatch.Kind.valueOf(kind), segments);
    }

    /** Without segments that compaction has replaced and a crash has left. */
    private static List<Path> withoutReplaced(List<Path> segments) {
        Set<SegmentName> current = Set.copyOf(SegmentName.current(
                segments.stream().map(OfflineLog::nameOf).filter(Objects::nonNull).toList()));
        return segments.stream().filter(path -> nameOf(path) == null || current.contains(nameOf(path))).toList();
    }

    private static SegmentName nameOf(Path segment) {
        return SegmentName.parse(segment.getFileName().toString());
    }

    private static List<Path> list(Path directory, String pattern) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
            files.forEach(paths::add);
        }
        paths.sort(Comparator.comparing(path -> path.getFileName().toString()));
        return paths;
    }

    /**
     * Reads every batch and checks it: length, checksum, that offsets follow one another, and that leader epochs do not fall.
     *
     * @throws IOException if a file cannot be read
     */
    public void read(Visitor visitor) throws IOException {
        Checkpoint checkpoint = checkpoint();
        OfflineScan scan = new OfflineScan(kind, visitor);
        for (Path segment : segments) {
            // a segment by itself may be a copy of any part: nothing says that its end was still being written
            boolean mayBeTorn = persistenceId != null && segment.equals(segments.getLast());
            scan.read(segment, mayBeTorn ? checkpoint : null);
        }
    }

    /** Without a readable one, recovery trusts nothing either. */
    private Checkpoint checkpoint() {
        try {
            return Checkpoint.read(directory.resolve("checkpoint"));
        } catch (IOException e) {
            return Checkpoint.NONE;
        }
    }
}
