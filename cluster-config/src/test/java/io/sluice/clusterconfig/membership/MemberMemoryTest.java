package io.sluice.clusterconfig.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberMemoryTest {

    @TempDir
    Path directory;

    @Test
    void readsAddressesAndNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("members"), "pekko://sluice@10.0.0.1:7355\nhalf a li");

        assertThat(MemberMemory.read(file)).containsExactly(new Address("pekko", "sluice", "10.0.0.1", 7355));
    }

    @Test
    void aMissingOrUnreadableFileIsNoHint() throws IOException {
        assertThat(MemberMemory.read(directory.resolve("members"))).isEmpty();
        assertThat(MemberMemory.read(Files.write(directory.resolve("bytes"), new byte[]{-1, -2, -3}))).isEmpty();
    }
}
