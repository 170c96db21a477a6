package io.sluice.persistence.log;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Turns persistence ids into directory names. The encoding is injective and its result holds no separator, so two ids never share a directory
 * and no id reaches outside. Letters, digits and {@code . _ @ -} stay; every other character becomes {@code %} and its UTF-8 bytes in hex, half
 * a surrogate pair {@code %u} and four digits. A long name keeps its beginning and ends in {@code ~} and its SHA-256; {@code ~} occurs in no
 * other encoded name.
 */
public final class LogNames {
    private static final int LONGEST = 200;
    private static final int PREFIX = 120;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private LogNames() {
    }

    /** The directory name of an id. */
    public static String directoryName(String persistenceId) {
        String encoded = encode(persistenceId);
        if (encoded.length() <= LONGEST) {
            return encoded;
        }
        return encoded.substring(0, PREFIX) + '~' + sha256(encoded);
    }

    /** Whether the id can be read from the directory's name alone. */
    static boolean isReversible(String directoryName) {
        return directoryName.indexOf('~') < 0;
    }

    /** The whole id in ASCII, without line breaks or separators; never empty. */
    static String encode(String id) {
        if (id.isEmpty()) {
            return "%";
        }
        if (id.equals(".") || id.equals("..")) {
            return id.replace(".", "%2E");
        }
        StringBuilder out = new StringBuilder(id.length() + 16);
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (kept(c)) {
                out.append(c);
            } else if (!Character.isSurrogate(c)) {
                percent(out, String.valueOf(c));
            } else if (Character.isHighSurrogate(c) && i + 1 < id.length()
                    && Character.isLowSurrogate(id.charAt(i + 1))) {
                percent(out, id.substring(i, i + 2));
                i++;
            } else {
                out.append("%u").append(HEX.toHexDigits(c));
            }
        }
        return out.toString();
    }

    /** The reverse of {@link #encode}. */
    static String decode(String encoded) {
        if (encoded.equals("%")) {
            return "";
        }
        StringBuilder out = new StringBuilder(encoded.length());
        byte[] utf8 = new byte[encoded.length() / 3 + 1];
        for (int i = 0; i < encoded.length();) {
            if (encoded.charAt(i) != '%') {
                out.append(encoded.charAt(i++));
            } else if (encoded.charAt(i + 1) == 'u') {
                out.append((char) HexFormat.fromHexDigits(encoded, i + 2, i + 6));
                i += 6;
            } else {
                int n = 0;
                while (i < encoded.length() && encoded.charAt(i) == '%' && encoded.charAt(i + 1) != 'u') {
                    utf8[n++] = (byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3);
                    i += 3;
                }
                out.append(new String(utf8, 0, n, StandardCharsets.UTF_8));
            }
        }
        return out.toString();
    }

    private static boolean kept(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
                || c == '@' || c == '-';
    }

    private static void percent(StringBuilder out, String s) {
        for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(HEX.toHexDigits(b));
        }
    }

    private static String sha256(String s) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(s.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
