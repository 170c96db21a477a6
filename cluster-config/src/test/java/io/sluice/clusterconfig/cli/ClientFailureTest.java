package io.sluice.clusterconfig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientFailureTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownTopicOrPartitionException("no such topic"), ExitCode.NOT_FOUND, "topics list"),
                Arguments.of(new TimeoutException("gave up", new UnknownTopicOrPartitionException("no such topic")),
                        ExitCode.NOT_FOUND, "topics list"),
                Arguments.of(new GroupIdNotFoundException("no such group"), ExitCode.NOT_FOUND, "groups list"),
                Arguments.of(new GroupNotEmptyException("not empty"), ExitCode.REFUSED, "stop them"),
                Arguments.of(new InvalidRequestException("node 1 is alive at pekko://sluice@127.0.0.1:7356; stop it"),
                        ExitCode.REFUSED, "alive at 127.0.0.1:7356; stop it"),
                Arguments.of(new InvalidPartitionsException("too few"), ExitCode.REFUSED, "too few"),
                Arguments.of(new SaslAuthenticationException("wrong password"), ExitCode.REFUSED, "--command-config"),
                Arguments.of(new TopicAuthorizationException("not yours"), ExitCode.REFUSED, "permission"),
                Arguments.of(new UnsupportedVersionException("too old"), ExitCode.REFUSED, "cannot do that"),
                Arguments.of(new TimeoutException("no reply"), ExitCode.UNREACHABLE, "--bootstrap"),
                Arguments.of(new CommandException(ExitCode.USAGE, "told already"), ExitCode.USAGE, "told already"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldNameTheCauseAndACure(RuntimeException failure, ExitCode code, String told) {
        CommandException answer = ClientFailure.of(new ExecutionException(failure), "h:1", Duration.ofSeconds(3));

        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer).hasMessageContaining(told);
        assertThat(answer.getMessage().lines()).hasSize(1);
    }
}
