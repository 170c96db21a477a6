package io.sluice.clusterconfig.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.SegmentDamage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the batches of segments, one on a line, as they come. For one thread. */
final class BatchLines {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};

    private final boolean json;
    private Path current;

    BatchLines(boolean json) {
        this.json = json;
    }

    /** A batch's line, after the file's if it is the first of its file. */
    String of(Path file, long position, BatchHeader batch) {
        if (json) {
            return object(file, position, batch) + "\n";
        }
        return heading(file) + String.format(Locale.ROOT, "%10d %12d %12d %7d %5d %12s %8d %-6s %-16s %-16s %s%n",
                position, batch.baseOffset(), batch.lastOffset(), batch.recordCount(), batch.leaderEpoch(),
                batch.hasProducerId()
                        ? batch.producerId() + "/" + batch.producerEpoch() + "/" + batch.baseSequence()
                        : "-",
                batch.sizeInBytes(), codec(batch), batch.baseTimestamp(), batch.maxTimestamp(),
                String.join(",", marks(batch))).stripTrailing() + "\n";
    }

    /** A damaged place's line. */
    String of(SegmentDamage damage) {
        if (json) {
            return MAPPER.createObjectNode().put("file", damage.file().toString()).put("position", damage.position())
                    .put("damage", damage.what()).put("length", damage.length()).put("offset", damage.offset())
                    .put("torn", damage.torn()) + "\n";
        }
        return heading(damage.file()) + Verification.line(damage) + "\n";
    }

    private String heading(Path file) {
        if (file.equals(current)) {
            return "";
        }
        current = file;
        return file + "\n" + String.format("%10s %12s %12s %7s %5s %12s %8s %-6s %-16s %-16s %s%n", "position",
                "first offset", "last offset", "records", "epoch", "producer", "bytes", "codec", "first time",
                "largest time", "marks");
    }

    private static ObjectNode object(Path file, long position, BatchHeader batch) {
        ObjectNode object = MAPPER.createObjectNode().put("file", file.toString()).put("position", position)
                .put("baseOffset", batch.baseOffset()).put("lastOffset", batch.lastOffset())
                .put("records", batch.recordCount()).put("leaderEpoch", batch.leaderEpoch())
                .put("producerId", batch.producerId()).put("producerEpoch", batch.producerEpoch())
                .put("baseSequence", batch.baseSequence()).put("bytes", batch.sizeInBytes())
                .put("codec", codec(batch)).put("baseTimestamp", batch.baseTimestamp())
                .put("maxTimestamp", batch.maxTimestamp()).put("crc", Integer.toUnsignedLong(batch.crc()));
        marks(batch).forEach(object.putArray("marks")::add);
        return object;
    }

    private static String codec(BatchHeader batch) {
        int id = batch.compression();
        return id < CODECS.length ? CODECS[id] : Integer.toString(id);
    }

    private static List<String> marks(BatchHeader batch) {
        List<String> marks = new ArrayList<>();
        if (batch.isTransactional()) {
            marks.add("transactional");
        }
        if (batch.isControl()) {
            marks.add("control");
        }
        if (batch.isLogAppendTime()) {
            marks.add("append-time");
        }
        return marks;
    }
}
