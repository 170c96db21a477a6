package io.sluice.clusterconfig.cli;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.OfflineLog;
import io.sluice.persistence.log.SegmentDamage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a look at the files of logs found. For one thread. */
final class Verification implements OfflineLog.Visitor {
    private final List<OfflineLog> logs;
    private final List<SegmentDamage> found = new ArrayList<>();
    private final Progress progress;
    private long batches;
    private long bytes;
    private long damagedBytes;

    /**
     * @param logs what is read
     * @param progress is told the bytes that were looked at
     */
    Verification(List<OfflineLog> logs, Progress progress) {
        this.logs = logs;
        this.progress = progress;
    }

    @Override
    public void batch(Path file, long position, BatchHeader batch) {
        batches++;
        bytes += batch.sizeInBytes();
        progress.at(bytes + damagedBytes);
    }

    @Override
    public void damage(SegmentDamage damage) {
        found.add(damage);
        damagedBytes += damage.length();
    }

    /** Whether anything is damaged; a torn write at the end of a log is not. */
    boolean isDamaged() {
        return found.stream().anyMatch(damage -> !damage.torn());
    }

    /** For programs: a row for each finding. */
    Table toTable() {
        Table table = new Table("file", "position", "length", "offset", "what", "torn");
        found.forEach(damage -> table.row(damage.file().toString(), damage.position(), damage.length(),
                damage.offset(), damage.what(), damage.torn()));
        return table;
    }

    /** For people: a line for each finding, and a last one for all. */
    String toText() {
        StringBuilder text = new StringBuilder();
        found.forEach(damage -> text.append(line(damage)).append('\n'));
        long damaged = found.stream().filter(damage -> !damage.torn()).count();
        return text.append(logs.size()).append(" log(s), ")
                .append(logs.stream().mapToInt(log -> log.segments().size()).sum()).append(" segment(s), ")
                .append(batches)
                .append(" undamaged batch(es) of ").append(bytes).append(" bytes; ")
                .append(damaged == 0 ? "no damage" : damaged + " place(s) damaged").toString();
    }

    /** One finding. */
    static String line(SegmentDamage damage) {
        return (damage.torn() ? "torn write, the next start cuts it off: file " : "damaged log: file ") + damage.file()
                + ", position " + damage.position() + ", offset " + damage.offset() + ": " + damage.length()
                + " bytes, " + damage.what();
    }
}
