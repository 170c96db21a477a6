package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.clusterconfig.SettingsSources.Assignment;
import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private SettingsSources sources;

    @Test
    void optionsAreSettings() {
        int status = run("start", "--data", "d", "--listen", "h:1", "--cluster", "h:2", "--seed", "s:3", "--seed",
                "t:4",
                "--config", "f.conf", "--set", "num.partitions=3", "--set", "sluice.log.flush=os");

        assertThat(status).isZero();
        assertThat(sources.file()).isEqualTo(Path.of("f.conf"));
        assertThat(sources.assignments()).extracting(Assignment::key, Assignment::value).containsExactly(
                org.assertj.core.groups.Tuple.tuple("sluice.data-dir", "d"),
                org.assertj.core.groups.Tuple.tuple("sluice.listen", "h:1"),
                org.assertj.core.groups.Tuple.tuple("sluice.cluster.listen", "h:2"),
                org.assertj.core.groups.Tuple.tuple("sluice.cluster.seeds", "s:3,t:4"),
                org.assertj.core.groups.Tuple.tuple("num.partitions", "3"),
                org.assertj.core.groups.Tuple.tuple("sluice.log.flush", "os"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"start --lisen h:1 | did you mean --listen?", "strat | did you mean start?",
            "start --data | --data", "start --set =x | KEY=VALUE", "start extra | extra", "cluster drain | NODE",
            "cluster remove x | x", "topics | describe",
            "log | sluice: log needs one of dump, verify; see sluice log --help", "topics create | TOPIC",
            "topics lisst | did you mean list?", "topcs | did you mean topics?", "configs show | --topic",
            "configs set --topic t x | KEY=VALUE", "topics create t --config x | KEY=VALUE",
            "cluster drian 1 | did you mean drain?",
            "groups reset g | sluice: Missing required argument", "groups reset g | see sluice groups reset --help",
            "strat | see sluice --help", "topics list --timeout 0 | --timeout must be positive",
            "topics list --timeout -1 | --timeout must be positive",
            "consume t --timeout 0 | --timeout must be positive"})
    void wrongUseIsOneLine(String line, String told) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString().lines()).singleElement().asString().contains(told);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandIsWrongUse() {
        assertThat(run()).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).contains("sluice start");
    }

    @Test
    void aClusterThatDoesNotAnswerIsOneLine() throws java.io.IOException {
        String nobody;
        try (var free = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + free.getLocalPort();
        }
        assertThat(run("cluster", "--bootstrap", nobody, "--timeout", "1")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(err.toString().lines()).singleElement().asString().contains(nobody, "--bootstrap");

        assertThat(run("topics", "list", "--bootstrap", nobody, "--timeout", "1"))
                .isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(run("topics", "list", "--command-config", "missing.properties"))
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("cluster", "--bootstrap", "nonsense")).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("cluster", "plan", "--bootstrap", "nonsense")).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("cluster", "--bootstrap", "nonsense", "drain", "1", "--wait"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpListsOptionsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("start").contains("the data directory is in use by another process");

        assertThat(run("start", "--help")).isZero();
        assertThat(out.toString()).contains("--data=DIR").contains("--seed=HOST:PORT");

        assertThat(run("cluster", "drain", "--help")).isZero();
        assertThat(out.toString()).contains("--wait").contains("--bootstrap=HOST:PORT").contains("NODE");
    }

    @Test
    void completesEveryCommand() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).contains("complete -F", "start", "delete-offsets", "--to-earliest",
                "--key-separator");
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("sluice ");
    }

    private int run(String... arguments) {
        return Cli.run(arguments, Map.of(), given -> {
            sources = given;
            return ExitCode.STOPPED;
        }, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
