package io.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs commands of {@code bin/sluice} as a user does: processes with input, output, errors and an exit status. */
final class SluiceCommand {
    private static final int LIMIT_SECONDS = 30;

    private final String bootstrap;
    private final Path files;

    /**
     * @param bootstrap what {@code SLUICE_BOOTSTRAP} says
     * @param files a directory for what goes in and out
     */
    SluiceCommand(String bootstrap, Path files) {
        this.bootstrap = bootstrap;
        this.files = files;
    }

    /**
     * What a command left behind.
     *
     * @param out standard output, a character for each byte
     * @param err standard error
     */
    record Result(int status, String out, String err) {

        /** The output of a command that has to succeed. */
        String ok() {
            assertThat(status).as("status; it said %s", err).isZero();
            return out;
        }

        /** The one line of a command that has to end with a status. */
        String failure(int expected) {
            assertThat(status).as("status; it said %s%s", out, err).isEqualTo(expected);
            assertThat(err.lines()).as("one line").hasSize(1);
            return err;
        }
    }

    /** Runs a command without input to its end. */
    Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command to its end, with input of a byte for each character. */
    Result runWith(String input, String... arguments) {
        try {
            Path in = Files.write(files.resolve("in"), input.getBytes(ISO_8859_1));
            return toEnd(NodeCommand.command(arguments).redirectInput(in.toFile()), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result toEnd(ProcessBuilder command, String... arguments) {
        try {
            Path out = files.resolve("out");
            Process process = aimed(command).redirectOutput(Redirect.to(out.toFile())).start();
            Result result = end(process, "", arguments);
            return new Result(result.status(), Files.readString(out, ISO_8859_1), result.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end as if somebody sat before it: what it says on either stream is its output. */
    Result onTerminal(String... arguments) {
        String line = String.join(" ", NodeCommand.command(arguments).command());
        return toEnd(new ProcessBuilder("script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"),
                arguments);
    }

    /** Runs a script in a bash that has only its own settings; {@code $0} is the command. */
    Result inBash(String script) {
        return toEnd(new ProcessBuilder("bash", "--norc", "--noprofile", "-c", script,
                NodeCommand.command().command().getFirst()), script);
    }

    /** Runs a command, reads so many bytes of its output, and no longer listens. */
    Result runReadingOnly(int bytes, String... arguments) {
        try {
            Process process = builder(arguments).start();
            String read = new String(process.getInputStream().readNBytes(bytes), ISO_8859_1);
            process.getInputStream().close();
            return end(process, read, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command and stops it once it has written this; by SIGTERM, as SIGINT is ignored by all that a shell in the background starts. */
    Result stoppedAfter(String output, String... arguments) {
        try {
            Process process = builder(arguments).start();
            String read = new String(process.getInputStream().readNBytes(output.length()), ISO_8859_1);
            RootCommand.run("kill -TERM " + process.pid());
            read += new String(process.getInputStream().readAllBytes(), ISO_8859_1);
            return end(process, read, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder builder(String... arguments) {
        return aimed(NodeCommand.command(arguments));
    }

    private ProcessBuilder aimed(ProcessBuilder builder) {
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SLUICE_BOOTSTRAP", bootstrap);
        return builder.redirectError(Redirect.to(files.resolve("err").toFile()));
    }

    private Result end(Process process, String out, String... arguments) throws IOException {
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String err = Files.readString(files.resolve("err"), ISO_8859_1);
            if (!ended) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(String.join(" ", arguments) + " did not end; it said " + err);
            }
            return new Result(process.exitValue(), out, err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
