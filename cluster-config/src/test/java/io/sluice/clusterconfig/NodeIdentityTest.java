package io.sluice.clusterconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdentityTest {

    @TempDir
    Path directory;

    @Test
    void anEmptyDirectoryHasNone() {
        assertThat(NodeIdentity.read(directory)).isNull();
    }

    @Test
    void isReadAsItWasWritten() {
        NodeIdentity unnamed = NodeIdentity.unnamed();
        unnamed.write(directory);
        assertThat(NodeIdentity.read(directory)).isEqualTo(unnamed);

        NodeIdentity named = unnamed.of("cluster", 3);
        named.write(directory);
        assertThat(NodeIdentity.read(directory)).isEqualTo(named);
        assertThat(named.diskId()).isEqualTo(unnamed.diskId());
    }

    @Test
    void aDraftThatACrashLeftIsNotRead() throws IOException {
        NodeIdentity identity = NodeIdentity.unnamed().of("cluster", 0);
        identity.write(directory);
        Files.writeString(directory.resolve("node.json.new"), "{\"disk");

        assertThat(NodeIdentity.read(directory)).isEqualTo(identity);
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Files.writeString(directory.resolve(NodeIdentity.FILE), "{\"disk");

        assertThatThrownBy(() -> NodeIdentity.read(directory)).asInstanceOf(type(StartException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ExitCode.DATA_UNUSABLE))
                .satisfies(e -> assertThat(e.getMessage()).contains("node.json").contains("damaged"));
    }
}
