package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a node has printed, over all its starts, standard output and standard error together. Nothing here is cached: every call reads the
 * file, so a test sees the newest line.
 */
final class NodeLog {

    private static final Pattern TROUBLE = Pattern
            .compile("\\bERROR\\b|\\bFATAL\\b|^Exception in thread|^\\s+at [\\w.$/]+\\(");

    private final Path file;
    private final List<Pattern> expected = new ArrayList<>();
    private int checked;

    NodeLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** The complete lines, oldest first; a line that is still being written is left out. */
    List<String> lines() {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (MalformedInputException e) {
            throw new AssertionError("the node's log is not UTF-8: " + file, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines after the first {@code count}, to look at what one step of a test caused. */
    List<String> linesAfter(int count) {
        List<String> all = lines();
        return all.subList(Math.min(count, all.size()), all.size());
    }

    int size() {
        return lines().size();
    }

    /** From now on a line in which {@code regex} is found may be an error: the test provokes it. */
    void expect(String regex) {
        expected.add(Pattern.compile(regex));
    }

    /** Fails when the node has logged an error or a stack trace since the last check that no test announced by {@link #expect}. */
    void assertNoUnexpectedError() {
        if (NodeCommand.isApacheKafka()) {
            return; // it logs errors in normal operation, and they are not ours to judge
        }
        List<String> all = lines();
        List<String> unexpected = all.subList(Math.min(checked, all.size()), all.size()).stream()
                .filter(line -> TROUBLE.matcher(line).find())
                .filter(line -> expected.stream().noneMatch(pattern -> pattern.matcher(line).find())).limit(20)
                .toList();
        checked = all.size();
        assertThat(unexpected).as("errors in the node's log %s", file).isEmpty();
    }
}
