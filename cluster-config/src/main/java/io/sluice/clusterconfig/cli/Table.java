package io.sluice.clusterconfig.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows of values under named columns: aligned text for people, an array of objects for programs. */
final class Table {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String GAP = "  ";

    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    /** @param columns names in lower case, words separated by spaces; {@code end offset} is {@code endOffset} in JSON */
    Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row, a value for each column: text, numbers, booleans, collections of them, or null. */
    Table row(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns);
        }
        rows.add(Arrays.asList(values));
        return this;
    }

    /** The rows as objects, keys in the order of the columns. */
    List<Map<String, Object>> toObjects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(key(columns.get(i)), row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }

    /** In the form that was asked for, ending in a line break. */
    String in(OutputFormat format) {
        return format == OutputFormat.JSON ? json(toObjects()) : toText();
    }

    /** Aligned: numbers to the right, everything else to the left; no blanks at the ends of lines. */
    String toText() {
        StringBuilder text = new StringBuilder();
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        rows.forEach(row -> lines.add(row.stream().map(Table::cell).toList()));
        int[] widths = new int[columns.size()];
        boolean[] numeric = new boolean[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
            numeric[i] = rows.stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance) && rows.stream()
                    .map(row -> row.get(column)).allMatch(value -> value == null || value instanceof Number);
        }
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String blanks = " ".repeat(widths[i] - line.get(i).length());
                padded.append(numeric[i] ? blanks + line.get(i) : line.get(i) + blanks).append(GAP);
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Any value of plain maps, lists and values, indented. */
    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can be written", e);
        }
    }

    private static String cell(Object value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof Collection<?> many) {
            return many.isEmpty() ? "-" : many.stream().map(Table::cell).collect(Collectors.joining(","));
        }
        String text = value.toString();
        return text.isEmpty() ? "-" : text.replaceAll("\\R", " ");
    }

    private static String key(String column) {
        String[] words = column.split(" ", -1);
        StringBuilder key = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            key.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return key.toString();
    }
}
