package io.sluice.persistence.journal;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/** Objects as bytes with the serialisers of the actor system, so that actor references in them get this system's address. Thread-safe. */
final class PayloadCodec {
    private final ExtendedActorSystem system;
    private final Serialization serialization;

    PayloadCodec(ExtendedActorSystem system) {
        this.system = system;
        this.serialization = SerializationExtension.get(system);
    }

    /** Fails with whatever the serialiser throws, {@link java.io.NotSerializableException} if there is none. */
    Payload encode(Object payload) {
        return Serialization$.MODULE$.withTransportInformation(system, () -> {
            Serializer serializer = serialization.findSerializerFor(payload);
            return new Payload(serializer.identifier(), Serializers.manifestFor(serializer, payload),
                    serializer.toBinary(payload));
        });
    }

    /** Fails with whatever the serialiser throws. */
    Object decode(byte[] bytes, int serializerId, String manifest) {
        return serialization.deserialize(bytes, serializerId, manifest).get();
    }

    /**
     * An object's bytes and what is needed to read them.
     *
     * @param serializerId id of the serialiser in this actor system
     * @param manifest what the serialiser calls the class, empty if it needs none
     * @param bytes the object
     */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes from one call to the next, never compared
    record Payload(int serializerId, String manifest, byte[] bytes) {}
}
