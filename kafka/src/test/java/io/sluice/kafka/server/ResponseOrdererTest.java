package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.kafka.wire.EncodedResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ResponseOrdererTest {
    private final List<EncodedResponse> sent = new ArrayList<>();
    private final ResponseOrderer orderer = new ResponseOrderer(sent::add);

    @Property
    void shouldSendInTheOrderOfRequestsWhateverTheOrderOfCompletion(@ForAll @IntRange(min = 1, max = 50) int count,
            @ForAll long seed) {
        List<EncodedResponse> sentHere = new ArrayList<>();
        ResponseOrderer here = new ResponseOrderer(sentHere::add);
        List<ResponseOrderer.Slot> slots = IntStream.range(0, count).mapToObj(i -> here.next()).toList();
        List<EncodedResponse> responses = IntStream.range(0, count).mapToObj(i -> response()).toList();
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        for (int i : order) {
            here.complete(slots.get(i), responses.get(i));
            // all up to the first gap have left
            assertThat(sentHere).isEqualTo(responses.subList(0, sentHere.size()));
        }
        assertThat(sentHere).isEqualTo(responses);
    }

    @Test
    void shouldHoldAResponseBackUntilThoseBeforeItLeft() {
        ResponseOrderer.Slot first = orderer.next();
        ResponseOrderer.Slot second = orderer.next();
        EncodedResponse later = response();
        orderer.complete(second, later);
        assertThat(sent).isEmpty();
        orderer.complete(first, EncodedResponse.NOTHING);
        assertThat(sent).containsExactly(EncodedResponse.NOTHING, later);
    }

    @Test
    void shouldFreeWhatIsNotSent() {
        ResponseOrderer.Slot first = orderer.next();
        EncodedResponse waiting = response();
        orderer.complete(orderer.next(), waiting);
        orderer.close();
        assertThat(((ByteBuf) waiting.parts().get(0)).refCnt()).isZero();
        EncodedResponse late = response();
        orderer.complete(first, late);
        assertThat(((ByteBuf) late.parts().get(0)).refCnt()).isZero();
        assertThat(sent).isEmpty();
    }

    private static EncodedResponse response() {
        return new EncodedResponse(List.of(Unpooled.buffer(1)));
    }
}
