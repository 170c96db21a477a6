package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Values that are too large for a line of text: files, found by the digest that stands for the value in a {@link MatrixRecord}. */
record LargeValues(Path directory) {

    /**
     * Makes a value, half of it compressible, without the two bytes that kcat takes as delimiters.
     *
     * @param size in bytes
     */
    byte[] create(int size) {
        byte[] value = new byte[size];
        new Random(size).nextBytes(value);
        for (int i = 0; i < size; i++) {
            value[i] = i % 2 == 0 || value[i] == 1 || value[i] == 2 ? (byte) 'x' : value[i];
        }
        try {
            Files.write(file(MatrixRecord.digest(value)), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return value;
    }

    Path file(String digest) {
        return directory.resolve(digest.replace(':', '-'));
    }

    /** The value of a record, large or not; null for a tombstone. */
    byte[] of(MatrixRecord record) {
        try {
            return record.isLarge() ? Files.readAllBytes(file(record.value())) : MatrixRecord.decode(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
