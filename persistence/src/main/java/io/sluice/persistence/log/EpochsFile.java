package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The file {@code epochs} of a log: its promises and its history, always written as a whole and durable. */
record EpochsFile(ReplicaState state, LogHistory history) {
    static final EpochsFile NONE = new EpochsFile(ReplicaState.NONE, LogHistory.EMPTY);

    /** The file's content; null if there is none. Fails if it is damaged. */
    static EpochsFile read(Path file) throws IOException {
        String text = DurableFiles.read(file);
        if (text == null) {
            return null;
        }
        EpochHistory epochs = EpochHistory.EMPTY;
        ConfigurationHistory configuration = ConfigurationHistory.EMPTY;
        int promised = -1;
        int synced = -1;
        int minConfig = 0;
        int claimedConfig = -1;
        UUID claimant = null;
        UUID wholeSince = null;
        try {
            for (String line : text.lines().toList()) {
                String[] part = line.split("[= ]", 3);
                switch (part[0]) {
                    case "promised" -> promised = Integer.parseInt(part[1]);
                    case "claimant" -> claimant = UUID.fromString(part[1]);
                    case "synced" -> synced = Integer.parseInt(part[1]);
                    case "min-config" -> minConfig = Integer.parseInt(part[1]);
                    case "claimed-config" -> claimedConfig = Integer.parseInt(part[1]);
                    case "whole-since" -> wholeSince = UUID.fromString(part[1]);
                    case "epoch" -> epochs = epochs.with(Integer.parseInt(part[1]), Long.parseLong(part[2]));
                    case "configuration" -> configuration = configuration
                            .with(new ConfigurationEntry(Long.parseLong(part[1]), List.of(part[2].split(","))));
                    default -> throw new IOException("damaged file " + file + ": unknown line '" + part[0] + "'");
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("damaged file " + file + ": " + e.getMessage(), e);
        }
        return new EpochsFile(new ReplicaState(promised, claimant, synced, minConfig, claimedConfig, wholeSince),
                new LogHistory(epochs, configuration));
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("promised=").append(state.promisedEpoch()).append('\n');
        if (state.promisedTo() != null) {
            text.append("claimant=").append(state.promisedTo()).append('\n');
        }
        text.append("synced=").append(state.syncedEpoch()).append("\nmin-config=").append(state.minConfig())
                .append("\nclaimed-config=").append(state.claimedConfig()).append('\n');
        if (state.wholeSince() != null) {
            text.append("whole-since=").append(state.wholeSince()).append('\n');
        }
        EpochHistory epochs = history.epochs();
        for (int i = 0; i < epochs.count(); i++) {
            text.append("epoch=").append(epochs.epoch(i)).append(' ').append(epochs.start(i)).append('\n');
        }
        for (ConfigurationEntry entry : history.configuration().entries()) {
            text.append("configuration=").append(entry.offset()).append(' ').append(String.join(",", entry.replicas()))
                    .append('\n');
        }
        DurableFiles.write(file, text.toString());
    }
}
