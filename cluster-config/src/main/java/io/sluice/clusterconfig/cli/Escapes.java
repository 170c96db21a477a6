package io.sluice.clusterconfig.cli;

/** Reads the escapes that shells pass on as they are. */
final class Escapes {

    private Escapes() {
    }

    /** The text with {@code \t}, {@code \n}, {@code \r} and {@code \\} replaced; any other backslash stays. */
    static String read(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = c == '\\' && i + 1 < text.length() ? "tnr\\".indexOf(text.charAt(i + 1)) : -1;
            if (escape >= 0) {
                out.append("\t\n\r\\".charAt(escape));
                i++;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
