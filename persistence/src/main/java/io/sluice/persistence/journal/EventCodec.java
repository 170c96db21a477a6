package io.sluice.persistence.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.pekko.persistence.PersistentRepr;

/**
 * An event of a persistent actor as a record, and back. The value is what the event's serialiser wrote, the timestamp that of the
 * event, and the record's headers hold the rest:
 *
 * <table>
 * <caption>Headers</caption>
 * <tr><td>{@code s}</td><td>serialiser id, 4 bytes</td></tr>
 * <tr><td>{@code m}</td><td>manifest of the serialiser, absent if empty</td></tr>
 * <tr><td>{@code a}</td><td>manifest of the event adapter, absent if empty</td></tr>
 * <tr><td>{@code w}</td><td>id of the writing incarnation, absent if empty</td></tr>
 * <tr><td>{@code ms}, {@code mm}, {@code md}</td><td>the metadata's serialiser id, manifest and bytes, absent without metadata</td></tr>
 * </table>
 *
 * Thread-safe.
 */
final class EventCodec {
    private static final String SERIALIZER = "s";
    private static final String MANIFEST = "m";
    private static final String ADAPTER_MANIFEST = "a";
    private static final String WRITER = "w";
    private static final String META_SERIALIZER = "ms";
    private static final String META_MANIFEST = "mm";
    private static final String META_DATA = "md";

    private final PayloadCodec payloads;

    EventCodec(PayloadCodec payloads) {
        this.payloads = payloads;
    }

    /**
     * With headers of others besides those above. Fails with whatever the event's serialiser throws, {@link java.io.NotSerializableException} if there is none.
     */
    SimpleRecord encode(PersistentRepr event, Header... more) {
        List<Header> headers = new ArrayList<>(4);
        Collections.addAll(headers, more);
        byte[] value = add(headers, SERIALIZER, MANIFEST, payloads.encode(event.payload()));
        addText(headers, ADAPTER_MANIFEST, event.manifest());
        addText(headers, WRITER, event.writerUuid());
        if (event.metadata().isDefined()) {
            byte[] metadata = add(headers, META_SERIALIZER, META_MANIFEST, payloads.encode(event.metadata().get()));
            headers.add(new RecordHeader(META_DATA, metadata));
        }
        return new SimpleRecord(event.timestamp(), null, value, headers.toArray(Header[]::new));
    }

    /** The event of a record whose offset is its sequence number less one. */
    PersistentRepr decode(String persistenceId, Record record) {
        Fields fields = new Fields();
        for (Header header : record.headers()) {
            fields.set(header);
        }
        Object event = payloads.decode(Utils.toArray(record.value()), fields.serializer, fields.manifest);
        PersistentRepr repr = PersistentRepr
                .apply(event, record.offset() + 1, persistenceId, fields.adapterManifest, false,
                        null, fields.writer)
                .withTimestamp(record.timestamp());
        return fields.metadata == null
                ? repr
                : repr.withMetadata(payloads.decode(fields.metadata, fields.metaSerializer, fields.metaManifest));
    }

    private static byte[] add(List<Header> headers, String serializer, String manifest, PayloadCodec.Payload payload) {
        headers.add(new RecordHeader(serializer, ByteBuffer.allocate(4).putInt(0, payload.serializerId()).array()));
        addText(headers, manifest, payload.manifest());
        return payload.bytes();
    }

    private static void addText(List<Header> headers, String key, String text) {
        if (!text.isEmpty()) {
            headers.add(new RecordHeader(key, text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The headers of one record, taken apart. */
    private static final class Fields {
        int serializer;
        String manifest = "";
        String adapterManifest = "";
        String writer = "";
        int metaSerializer;
        String metaManifest = "";
        byte[] metadata;

        void set(Header header) {
            byte[] value = header.value();
            switch (header.key()) {
                case SERIALIZER -> serializer = ByteBuffer.wrap(value).getInt();
                case MANIFEST -> manifest = text(value);
                case ADAPTER_MANIFEST -> adapterManifest = text(value);
                case WRITER -> writer = text(value);
                case META_SERIALIZER -> metaSerializer = ByteBuffer.wrap(value).getInt();
                case META_MANIFEST -> metaManifest = text(value);
                case META_DATA -> metadata = value;
                default -> {
                    // a later version may add more
                }
            }
        }

        private static String text(byte[] value) {
            return new String(value, StandardCharsets.UTF_8);
        }
    }
}
