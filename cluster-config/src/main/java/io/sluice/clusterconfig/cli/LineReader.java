package io.sluice.clusterconfig.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Splits a stream of bytes into lines; the line breaks are {@code \n}, and no other byte means anything. For one thread. */
final class LineReader {
    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private final int longest;
    private final byte[] chunk = new byte[CHUNK];
    private int at;
    private int filled;
    private long number;

    /** @param longest most bytes of a line */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /**
     * The next line without its break, or null at the end. A last line needs no break.
     *
     * @throws CommandException REFUSED for a line that is too long
     */
    byte[] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean any = false;
        while (true) {
            if (at == filled) {
                filled = Math.max(0, in.read(chunk));
                at = 0;
                if (filled == 0) {
                    number++;
                    return any ? line.toByteArray() : null;
                }
            }
            any = true;
            int from = at;
            while (at < filled && chunk[at] != '\n') {
                at++;
            }
            line.write(chunk, from, at - from);
            if (line.size() > longest) {
                throw new CommandException(ExitCode.REFUSED, "line " + (number + 1) + " is longer than " + longest
                        + " bytes; split the input in another way");
            }
            if (at < filled) {
                at++;
                number++;
                return line.toByteArray();
            }
        }
    }
}
