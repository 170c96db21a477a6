package io.sluice.kafka.wire;

import io.sluice.persistence.log.LogSlice;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Records of a response that stay in the log's file until they are sent. It owns the slice: encoding the response hands it on, {@link #discard}
 * closes it where no response is sent.
 */
public final class SliceRecords implements BaseRecords {
    private final int length;
    private LogSlice slice;

    public SliceRecords(LogSlice slice) {
        this.slice = slice;
        this.length = slice.length();
    }

    @Override
    public int sizeInBytes() {
        return length;
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("sent as a file region");
    }

    /** Hands the slice to the caller, who closes it from now on. Null if it was taken or closed before. */
    LogSlice take() {
        LogSlice taken = slice;
        slice = null;
        return taken;
    }

    /** Closes what is still held. */
    public void close() {
        LogSlice held = take();
        if (held != null) {
            held.close();
        }
    }

    /** Closes all slices that a response still holds; for one that is not sent. */
    public static void discard(ApiMessage response) {
        if (response instanceof FetchResponseData fetch) {
            fetch.responses().forEach(topic -> topic.partitions().forEach(partition -> {
                if (partition.records() instanceof SliceRecords records) {
                    records.close();
                }
            }));
        }
    }
}
