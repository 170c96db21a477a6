package io.sluice.persistence.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.persistence.log.EntryBatch.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is done to a replica in whatever order, restarts and crashes included, it holds what the model holds. */
class ReplicaLogPropertyTest {
    private static final String ID = "partition|orders-0";

    /** The seeds are fixed, so that the suite says the same each time; take others, and many more tries, when the log changes. */
    @Property(tries = 40, seed = "4711")
    void aReplicaOfRecordsIsAsItsModel(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 14 * 64 - 1) Integer> actions) throws IOException {
        run(Kind.RECORDS, actions);
    }

    @Property(tries = 40, seed = "4711")
    void aReplicaOfEventsIsAsItsModel(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 14 * 64 - 1) Integer> actions) throws IOException {
        run(Kind.EVENTS, actions);
    }

    /**
     * What random actions found once: the log starts in the middle of a segment and an epoch began since, so the history of what lies before in that
     * segment matters; and the log is cut where the high watermark lies between two segments.
     */
    @Example
    void aCutBetweenSegmentsBehindALogStartWithinOne() throws IOException {
        String found = "11:0 1:56 0:0 10:2 1:5 9:30 4:3 8:32 3:7 12:63 9:42 5:4 12:2 4:60 12:4 1:6 3:20 10:0 7:52 6:18 0:31"
                + " 13:63 1:0";
        run(Kind.EVENTS, Stream.of(found.split(" ")).map(each -> each.split(":"))
                .map(each -> Integer.parseInt(each[0]) + 14 * Integer.parseInt(each[1])).toList());
    }

    @Example
    void aCutAtAGapOfEvents() throws IOException {
        String found = "0:1 1:0 1:0 1:0 0:0 1:0 1:0 0:1 1:0 2:0 2:2 4:1 5:40 12:3 9:6 10:0 1:9 10:5 6:31 9:19";
        run(Kind.EVENTS, Stream.of(found.split(" ")).map(each -> each.split(":"))
                .map(each -> Integer.parseInt(each[0]) + 14 * Integer.parseInt(each[1])).toList());
    }

    @Example
    void aHighWatermarkBeforeAGapOfEvents() throws IOException {
        run(Kind.EVENTS, Stream.of("3:44 7:60 12:20 10:36 6:61 10:22 2:35 10:14 7:5".split(" "))
                .map(each -> each.split(":")).map(each -> Integer.parseInt(each[0]) + 14 * Integer.parseInt(each[1]))
                .toList());
    }

    private static void run(Kind kind, List<Integer> actions) throws IOException {
        Path root = Files.createTempDirectory("sluice-replica");
        try (Rig rig = new Rig(root, kind)) {
            rig.act(1, 0); // somebody must have a promise before anything can be appended
            rig.check();
            for (int action : actions) {
                rig.act(action % 14, action / 14);
                rig.check();
            }
        } catch (Throwable e) {
            throw new AssertionError(actions.stream().map(a -> a % 14 + ":" + a / 14).toList() + ": " + e.getMessage(),
                    e);
        } finally {
            LogRoundTripTest.deleteTree(root);
        }
    }

    /** The log, its model, and what can be done to both. */
    private static final class Rig implements AutoCloseable {
        private final Path root;
        private final ReplicaModel model;
        private int generation;
        private long clock;
        private FileLogStore store;
        private FileLog log;

        Rig(Path root, Kind kind) {
            this.root = root;
            this.model = new ReplicaModel(kind);
            open();
        }

        private Path dir() {
            return root.resolve("g" + generation);
        }

        private void open() {
            store = FileLogStore
                    .open(TestLog.settings(dir()).withDefaults(TestLog.config(700, FlushMode.OS)));
            log = (FileLog) TestLog.get(store.openReplica(ID));
        }

        private <T> T step(ReplicaLog.Step<T> step) {
            return TestLog.get(log.atomically(step));
        }

        private void act(int what, int arg) throws IOException {
            switch (what) {
                case 0, 2, 3 -> appendFromLeader(arg);
                case 1 -> promise(arg);
                case 4 -> {
                    step(s -> {
                        s.synced(s.promisedEpoch());
                        return null;
                    });
                    model.synced = model.promised;
                }
                case 5 -> appendAsLeader(arg);
                case 6 -> truncate(arg);
                case 7, 8 -> raiseHighWatermark(arg);
                case 9 -> reopen(arg);
                case 10 -> crash(arg);
                case 11 -> beginAnew(arg);
                case 12 -> raiseLogStart(arg);
                default -> rest(arg);
            }
        }

        private EntryBatch next(int epoch, int arg, ReplicaModel after) {
            int records = 1 + arg % 3;
            int size = 10 + 40 * (arg % 7);
            clock += arg % 2 == 0 ? 10 : -3;
            if (model.kind == Kind.EVENTS) {
                long first = Math.max(after.end(), after.highestSequenceNr()) + 1
                        + (arg % 5 == 0 && !after.batches.isEmpty() ? 2 : 0);
                return Batches.events(first, epoch, records, size);
            }
            return Batches.records(after.end(), after.highestSequenceNr() + 1, epoch, records, size,
                    Math.max(0, 1000 + clock));
        }

        private void appendFromLeader(int arg) {
            List<ByteBuffer> parts = new ArrayList<>();
            int bytes = 0;
            int epoch = Math.max(model.latestEpoch(), model.promised - arg % 2);
            for (int i = 0; i <= arg % 5; i++) {
                EntryBatch b = next(Math.max(epoch, 0), arg + i, model);
                model.append(b);
                parts.add(b.bytes());
                bytes += b.bytes().remaining();
            }
            ByteBuffer all = ByteBuffer.allocateDirect(bytes + 3).position(3);
            parts.forEach(all::put);
            all.position(3);
            step(s -> {
                s.append(all, model.kind);
                return null;
            });
        }

        private void promise(int arg) {
            UUID claimant = new UUID(7, arg);
            int epoch = model.promised + 1 + arg % 3;
            step(s -> {
                s.promise(epoch, claimant, arg % 4);
                return null;
            });
            model.promised = epoch;
            model.claimant = claimant;
            model.minConfig = Math.max(model.minConfig, arg % 4);
        }

        private void appendAsLeader(int arg) {
            EntryBatch b = next(model.promised, arg, model);
            if (model.synced == model.promised) {
                model.append(b);
                TestLog.get(log.append(model.promised, List.of(b)));
            } else {
                assertThatThrownBy(() -> TestLog.get(log.append(model.promised, List.of(b))))
                        .isInstanceOf(CompletionException.class).hasCauseInstanceOf(FencedException.class);
            }
        }

        private void truncate(int arg) {
            List<Long> boundaries = model.boundaries();
            long end = boundaries.get(arg % boundaries.size());
            if (end == model.highWatermark && !endsABatch(end)) {
                return; // the log start may lie within a batch
            }
            step(s -> {
                s.truncate(end);
                return null;
            });
            model.truncate(end);
        }

        private boolean endsABatch(long offset) {
            return model.batches.stream().allMatch(b -> b.next() <= offset || b.base() >= offset);
        }

        private void raiseHighWatermark(int arg) {
            long to = model.highWatermark + arg % 9;
            if (arg % 2 == 0) {
                TestLog.get(log.raiseHighWatermark(to));
            } else {
                step(s -> {
                    s.raiseHighWatermark(to);
                    return null;
                });
            }
            model.raiseHighWatermark(to);
        }

        private void reopen(int arg) throws IOException {
            if (arg % 2 == 0) {
                store.close();
            } else {
                closeWithoutCheckpoint();
            }
            open();
            model.restarted();
        }

        /** A process that dies leaves what it wrote. */
        private void closeWithoutCheckpoint() throws IOException {
            Path before = dir();
            generation++;
            synchronized (log.checkpoints()) { // the housekeeper does not rename files meanwhile
                copy(before, dir());
            }
            store.close();
        }

        private void crash(int arg) throws IOException {
            closeWithoutCheckpoint();
            List<SegmentName> names = Files.exists(logDirectory().path()) ? logDirectory().segments() : List.of();
            if (!names.isEmpty()) {
                byte[] torn = new byte[1 + arg];
                for (int i = 0; i < torn.length; i++) {
                    torn[i] = (byte) (arg * i);
                }
                Files.write(logDirectory().path().resolve(names.getLast().logFile()), torn, StandardOpenOption.APPEND);
            }
            open();
            model.restarted();
        }

        private LogDirectory logDirectory() {
            return new LogDirectory(dir().resolve("logs").resolve(LogNames.directoryName(ID)), ID);
        }

        private void beginAnew(int arg) {
            if (arg % 4 == 0) {
                restartAt(arg);
            } else if (arg % 8 == 1) {
                step(s -> {
                    s.retire(arg % 5);
                    return null;
                });
                model.retire(arg % 5);
            }
        }

        private void restartAt(int arg) {
            long offset = model.end() + arg % 3;
            long sequenceNr = model.kind == Kind.EVENTS ? offset : model.highestSequenceNr() + arg % 3;
            step(s -> {
                s.restartAt(new LogBegin(offset, sequenceNr), ConfigurationHistory.EMPTY);
                return null;
            });
            model.restartAt(offset, sequenceNr);
        }

        private void raiseLogStart(int arg) {
            long to = Math.min(model.highWatermark, model.start + arg % 6);
            step(s -> {
                s.raiseLogStart(to + (to == model.highWatermark ? 100 : 0));
                return null;
            });
            model.start = to;
        }

        private void rest(int arg) throws IOException {
            if (arg % 2 == 0) {
                log.checkpoints().checkpoint();
            } else {
                TestLog.get(log.submit(LogTasks.task(w -> {
                    w.rest();
                    return null;
                })));
            }
        }

        private void check() {
            step(s -> {
                assertThat(s.promisedEpoch()).isEqualTo(model.promised);
                assertThat(s.promisedTo()).isEqualTo(model.claimant);
                assertThat(s.syncedEpoch()).isEqualTo(model.synced);
                assertThat(s.minConfig()).isEqualTo(model.minConfig);
                assertThat(s.logStartOffset()).isEqualTo(model.start);
                assertThat(s.logEndOffset()).isEqualTo(model.end());
                assertThat(s.highestSequenceNr()).isEqualTo(model.highestSequenceNr());
                if (model.start == 0) {
                    assertThat(s.epochs()).isEqualTo(model.epochs());
                }
                assertThat(s.epochs().latest()).isGreaterThanOrEqualTo(model.latestEpochFromStart());
                return null;
            });
            FileLogView view = log.fileView();
            assertThat(view.logStartOffset()).isEqualTo(model.start);
            assertThat(view.highWatermark()).isEqualTo(model.highWatermark);
            assertThat(view.logEndOffset()).isEqualTo(model.end());
            assertThat(bytes(model.end(), o -> {
                LogSlice slice = log.tryReadToEnd(o, 300);
                return slice != null ? slice : TestLog.get(log.readToEnd(o, 300));
            })).as("all").isEqualTo(model.bytes(model.start, model.end()));
            assertThat(bytes(model.highWatermark, o -> TestLog.read(view, o, 300))).as("committed")
                    .isEqualTo(model.bytes(model.start, model.highWatermark));
            assertThatThrownBy(() -> view.tryRead(model.highWatermark + 1, 10, true))
                    .isInstanceOf(OffsetOutOfRangeException.class);
            checkBegin(log.begin());
            checkSearches(view);
        }

        /** Another copy that begins there gets all that follows, and numbers it alike. */
        private void checkBegin(LogBegin begin) {
            assertThat(begin.offset()).isLessThanOrEqualTo(model.start);
            model.batches.stream().filter(b -> b.next() > begin.offset()).findFirst().ifPresent(oldest -> {
                assertThat(oldest.base()).isGreaterThanOrEqualTo(begin.offset());
                if (model.kind == Kind.RECORDS) {
                    assertThat(begin).isEqualTo(new LogBegin(oldest.base(), oldest.sequenceNr() - 1));
                }
                try (LogSlice slice = TestLog.get(log.readToEnd(begin.offset(), 1))) {
                    assertThat(TestLog.bytes(slice)).isEqualTo(oldest.bytes());
                }
            });
        }

        private void checkSearches(FileLogView view) {
            List<ReplicaModel.Batch> committed = model.batches.stream()
                    .filter(b -> b.next() <= model.highWatermark && b.next() > model.start).toList();
            List<Long> seen = new ArrayList<>();
            TestLog.get(view.scan(0, Long.MAX_VALUE, (first, head, bytes) -> seen.add(head.baseOffset())));
            assertThat(seen).as("scanned")
                    .endsWith(committed.stream().map(ReplicaModel.Batch::base).toArray(Long[]::new));
            assertThat(seen).allMatch(base -> base < model.highWatermark);
            if (model.kind == Kind.RECORDS) {
                assertThat(TestLog.get(view.withLargestTimestamp()).map(LogView.TimestampedOffset::timestamp))
                        .isEqualTo(committed.stream().map(ReplicaModel.Batch::timestamp).max(Long::compare));
            }
            view.endOf(Integer.MAX_VALUE)
                    .ifPresent(e -> assertThat(e.endOffset()).isLessThanOrEqualTo(model.highWatermark));
        }

        private byte[] bytes(long end, LongFunction<LogSlice> read) {
            ByteBuffer all = ByteBuffer.allocate(1 << 20);
            long offset = model.start;
            while (offset < end) {
                try (LogSlice slice = read.apply(offset)) {
                    if (slice.length() == 0) {
                        assertThat(model.kind).isEqualTo(Kind.EVENTS);
                        break;
                    }
                    all.put(TestLog.bytes(slice));
                    offset = slice.nextOffset();
                }
            }
            byte[] read1 = new byte[all.flip().remaining()];
            all.get(read1);
            return read1;
        }

        @Override
        public void close() {
            store.close();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path p : (Iterable<Path>) all::iterator) {
                Files.copy(p, to.resolve(from.relativize(p)));
            }
        }
    }
}
