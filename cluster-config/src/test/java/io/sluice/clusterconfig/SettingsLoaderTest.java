package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.clusterconfig.SettingsSources.Assignment;
import io.sluice.clusterconfig.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

    @TempDir
    Path directory;

    @Test
    void hasDefaultsForEverything() {
        NodeSettings settings = load(null, Map.of());

        assertThat(settings.listen()).isEqualTo(new HostPort("127.0.0.1", 9092));
        assertThat(settings.cluster()).isEqualTo(new HostPort("127.0.0.1", 7355));
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("data"));
        assertThat(settings.seeds()).isEmpty();
        assertThat(settings.stopTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.broker().values()).isEmpty();
    }

    @Test
    void aSecondNodeOfAMachineTakesAFreeClusterPort() {
        assertThat(load(null, Map.of(), "sluice.listen=127.0.0.1:9093").cluster().port()).isZero();
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() {
        Path file = file("node.conf", """
                sluice { log.flush = os, log-level = warn, data-dir = a }
                num.partitions = 3
                log.retention.ms = 1000
                """);

        NodeSettings settings = load(file,
                Map.of("SLUICE_LOG_LEVEL", "error", "SLUICE_DATA_DIR", "b", "SLUICE_NUM_PARTITIONS", "4"),
                "sluice.data-dir=c");

        assertThat(settings.dataDirectory()).isEqualTo(Path.of("c"));
        assertThat(settings.logLevel()).isEqualTo("error");
        assertThat(settings.broker().values()).containsEntry("log.flush.mode", "os")
                .containsEntry("num.partitions", "4").containsEntry("log.retention.ms", "1000");
    }

    @Test
    void takesIpv6Addresses() {
        NodeSettings settings = load(null, Map.of(), "sluice.listen=[::1]:9092",
                "sluice.cluster.seeds=[::1]:1,[::2]:2");

        assertThat(settings.listen()).isEqualTo(new HostPort("::1", 9092));
        assertThat(settings.seeds()).containsExactly(new HostPort("::1", 1), new HostPort("::2", 2));
    }

    @Test
    void readsAPropertiesFile() {
        Path file = file("server.properties", "num.partitions = 7\nsluice.cluster.seeds=h1:1,h2:2\n");

        NodeSettings settings = load(file, Map.of());

        assertThat(settings.broker().values()).containsEntry("num.partitions", "7");
        assertThat(settings.seeds()).containsExactly(new HostPort("h1", 1), new HostPort("h2", 2));
    }

    @Test
    void leavesOthersEnvironmentVariablesAlone() {
        assertThat(load(null, Map.of("SLUICE_PORT_9092_TCP", "tcp://10.0.0.1:9092", "SLUICE_HEAP", "1g"))).isNotNull();
    }

    @Test
    void clientsAreToldThePortThatWasTaken() {
        NodeSettings settings = load(null, Map.of(), "sluice.listen=0.0.0.0:0", "sluice.advertise=broker.example:0");

        assertThat(settings.advertised(1234)).isEqualTo(new HostPort("broker.example", 1234));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"sluice.log.flsh=os | did you mean sluice.log.flush?",
            "sluice.log=os | is a group", "sluice.log.flush=always | must be one of commit, os",
            "sluice.listen=9092 | write HOST:PORT", "sluice.persistence.dir=d | sluice.data-dir",
            "sluice.replication.host=h | sluice.cluster.listen", "sluice.listen=[h:1] | must be a text",
            "sluice.listen=0.0.0.0:9092 | sluice.advertise",
            "sluice.cluster.listen=127.0.0.1:9092 | both take port 9092", "sluice.start-timeout=soon | with its unit",
            "sluice.stop-timeout=0s | more than 0", "sluice.cluster.seeds=h:0 | has no port",
            "sluice.log-level=loud | must be one of", "num.partition=3 | did you mean num.partitions?",
            "num.partitions=many | num.partitions", "num.partitions=0 | num.partitions",
            "listeners=PLAINTEXT://:9092 | --listen", "zookeeper.connect=z:2181 | zookeeper.connect",
            "nonsense=1 | unknown setting nonsense", "sluice.data-dir= | must name a directory"})
    void refusesAWrongSettingByNameOnOneLine(String assignment, String told) {
        assertThatThrownBy(() -> load(null, Map.of(), assignment)).asInstanceOf(type(StartException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ExitCode.SETTING))
                .satisfies(e -> assertThat(e.getMessage()).contains(told).contains(
                        assignment.substring(0, assignment.indexOf('='))).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"sluice.lisen = x | did you mean sluice.listen?",
            "sluice.log.flush = always | sluice.log.flush = always: must be one of commit, os",
            "sluice.stop-timeout = soon | sluice.stop-timeout = soon: must be a time with its unit",
            "sluice.persistence.log.io-threads = many | sluice.persistence.log.io-threads = many: must be a number",
            "sluice.persistence.log.segment-bytes = 1 GOB | must be a size with its unit",
            "sluice.replication.request-timeout = true | must be a time with its unit",
            "sluice = 3 | sluice is a group", "num.partition = 3 | did you mean num.partitions?",
            "num.partitions = many | Invalid value many for configuration num.partitions: Not a number",
            "num.partitions = ] | "})
    void tellsFileAndLineOfAWrongSetting(String line, String told) {
        Path file = file("node.conf", "# a node\nsluice.log-level = warn\n" + line + "\nnode.id = 0\n");

        assertThatThrownBy(() -> load(file, Map.of())).isInstanceOf(StartException.class)
                .message().containsPattern("node\\.conf(, line |: )3: ").contains(told == null ? "" : told)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"sluice.lisen=x | did you mean sluice.listen?",
            "sluice.log.flush : always | must be one of commit, os", "num.partitions 0 | num.partitions"})
    void tellsTheLineOfAPropertiesFile(String line, String told) {
        Path file = file("server.properties", "# num.partitions=1\nnode.id=0\n " + line);

        assertThatThrownBy(() -> load(file, Map.of())).hasMessageContaining("server.properties, line 3: ")
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sluice.persistence.log.io-threads=8", "sluice.persistence.log.segment-bytes=1048576",
            "sluice.persistence.log.segment-bytes=1 MiB", "sluice.replication.request-timeout=1500",
            "sluice.replication.request-timeout=2 s", "sluice.streams.settings.anything=soon"})
    void takesNumbersSizesAndTimes(String assignment) {
        assertThat(load(null, Map.of(), assignment)).isNotNull();
    }

    @Test
    void tellsTheLineOfASettingThatIsReadLater() {
        Path file = file("node.conf", "sluice {\n  replication.native-transport = perhaps\n}\n");

        assertThatThrownBy(() -> load(file, Map.of()).config().getBoolean("sluice.replication.native-transport"))
                .hasMessageContaining("node.conf, line 2: ");
    }

    @Test
    void tellsTheVariableOfAWrongSetting() {
        assertThatThrownBy(() -> load(null, Map.of("SLUICE_LOG_LEVEL", "loud")))
                .hasMessageStartingWith("variable SLUICE_LOG_LEVEL: setting sluice.log-level = loud: must be one of");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> load(directory.resolve("none.conf"), Map.of())).hasMessageContaining("does not exist");
    }

    @Test
    void refusesAFileThatIsNoHocon() {
        Path file = file("node.conf", "sluice {");

        assertThatThrownBy(() -> load(file, Map.of())).isInstanceOf(StartException.class)
                .hasMessageContaining("node.conf");
    }

    private static NodeSettings load(Path file, Map<String, String> environment, String... assignments) {
        return new SettingsLoader().load(
                new SettingsSources(file, environment, Arrays.stream(assignments).map(Assignment::parse).toList()));
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
