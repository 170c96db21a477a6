package io.sluice.persistence.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@link ConfigurationEntry configuration entries} of a log, in order, committed or not: the last one is in force for whoever leads this log.
 * Follows the log in every append and truncation, and never from anything else. Immutable.
 */
public record ConfigurationHistory(List<ConfigurationEntry> entries) {
    /** Of a log without any, as all but one are. */
    public static final ConfigurationHistory EMPTY = new ConfigurationHistory(List.of());

    /** @throws IllegalArgumentException if the offsets do not ascend */
    public ConfigurationHistory {
        entries = List.copyOf(entries);
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).offset() <= entries.get(i - 1).offset()) {
                throw new IllegalArgumentException("not ascending: " + entries);
            }
        }
    }

    /** The replicas of the last entry, empty if there is none. */
    public List<String> replicas() {
        return entries.isEmpty() ? List.of() : entries.getLast().replicas();
    }

    /** Where the last entry is, -1 if there is none. */
    public long offset() {
        return entries.isEmpty() ? -1 : entries.getLast().offset();
    }

    /** The history with one more entry, behind the others. */
    public ConfigurationHistory with(ConfigurationEntry entry) {
        List<ConfigurationEntry> more = new ArrayList<>(entries);
        more.add(entry);
        return new ConfigurationHistory(more);
    }

    /** The history of the log cut at an offset. */
    public ConfigurationHistory cutAt(long endOffset) {
        return entries.isEmpty() || entries.getLast().offset() < endOffset
                ? this
                : new ConfigurationHistory(entries.stream().filter(e -> e.offset() < endOffset).toList());
    }

    /** The history of a log that begins at an offset: the entry in force before it stays, though it is deleted, as the log may be cut there. */
    public ConfigurationHistory from(long logStart) {
        int first = 0;
        while (first + 1 < entries.size() && entries.get(first + 1).offset() < logStart) {
            first++;
        }
        return first == 0 ? this : new ConfigurationHistory(entries.subList(first, entries.size()));
    }

    /** The history of the log that begins at an offset and holds nothing yet. */
    public ConfigurationHistory before(long logStart) {
        return from(logStart).cutAt(logStart);
    }
}
