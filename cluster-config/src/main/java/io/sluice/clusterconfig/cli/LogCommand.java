package io.sluice.clusterconfig.cli;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.OfflineLog;
import io.sluice.persistence.log.SegmentDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice log}: looks at the files of logs, with or without a node that runs, and changes nothing. */
@Command(name = "log", description = "Reads segment files: shows their batches, or looks for damage. Changes nothing and needs no lock.", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class LogCommand extends CommandGroup {

    @Command(name = "dump", description = "Shows each batch; in JSON one object on a line.", mixinStandardHelpOptions = true, sortOptions = false)
    int dump(
            @Parameters(paramLabel = "PATH", description = "A segment, the directory of a log, or a data directory.") Path path) {
        BatchLines lines = new BatchLines(output.isJson());
        boolean[] damaged = {false};
        read(logs(path), new OfflineLog.Visitor() {
            @Override
            public void batch(Path file, long position, BatchHeader batch) {
                output.write(lines.of(file, position, batch));
            }

            @Override
            public void damage(SegmentDamage damage) {
                damaged[0] |= !damage.torn();
                output.write(lines.of(damage));
            }
        });
        return (damaged[0] ? ExitCode.DAMAGED : ExitCode.STOPPED).number();
    }

    @Command(name = "verify", description = "Checks every batch: length, checksum, order of offsets and leader epochs. Names what is damaged.", mixinStandardHelpOptions = true, sortOptions = false)
    int verify(
            @Parameters(paramLabel = "PATH", description = "A segment, the directory of a log, or a data directory.") Path path) {
        List<OfflineLog> logs = logs(path);
        Verification verification;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "bytes", size(logs))) {
            verification = new Verification(logs, progress);
            read(logs, verification);
        }
        output.print(verification.toTable(), verification.toText());
        return (verification.isDamaged() ? ExitCode.DAMAGED : ExitCode.STOPPED).number();
    }

    private static void read(List<OfflineLog> logs, OfflineLog.Visitor visitor) {
        for (OfflineLog log : logs) {
            try {
                log.read(visitor);
            } catch (IOException e) {
                throw unreadable(log.directory(), e);
            }
        }
    }

    /** Of all their segments, in bytes. */
    private static long size(List<OfflineLog> logs) {
        long size = 0;
        for (OfflineLog log : logs) {
            for (Path segment : log.segments()) {
                try {
                    size += Files.size(segment);
                } catch (IOException e) {
                    throw unreadable(segment, e);
                }
            }
        }
        return size;
    }

    private static List<OfflineLog> logs(Path path) {
        try {
            List<OfflineLog> logs = OfflineLog.at(path);
            if (logs.isEmpty()) {
                throw new CommandException(ExitCode.NOT_FOUND,
                        path + " has no segments; name a segment, the directory of a log, or a data directory");
            }
            return logs;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static CommandException unreadable(Path path, IOException e) {
        return new CommandException(Files.exists(path) ? ExitCode.DATA_UNUSABLE : ExitCode.NOT_FOUND,
                "cannot read " + path + ": " + Failures.reason(e), e);
    }
}
