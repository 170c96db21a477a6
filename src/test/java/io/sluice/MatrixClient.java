package io.sluice;

import java.util.List;
import java.util.Map;

/** One client of {@link ClientMatrixTest}, and what it cannot do. */
interface MatrixClient {

    /** Skips the test, or fails it, when the client is not installed. */
    default void require() {
    }

    /**
     * Writes the records into partition 0 of each topic.
     *
     * @param codecs topic to the name of its compression codec
     * @param values where the value of a large record is found
     */
    void produce(String bootstrap, List<MatrixRecord> records, LargeValues values, Map<String, String> codecs);

    /** What is in partition 0 of each topic, in order, up to where it ends now. */
    Map<String, List<MatrixRecord>> consume(String bootstrap, List<String> topics);

    /** False for a record that the client's own interface has no way to write. */
    default boolean canProduce(MatrixRecord record) {
        return true;
    }

    /** False when the client always takes the current time as the record's timestamp. */
    default boolean setsTimestamps() {
        return true;
    }

    /** What reaches the topic when this client writes a record that it can write. */
    default MatrixRecord written(MatrixRecord record) {
        return record;
    }

    /** What this client's consumer tells of a record; less than the record where its interface hides something. */
    default MatrixRecord told(MatrixRecord record) {
        return record;
    }
}
