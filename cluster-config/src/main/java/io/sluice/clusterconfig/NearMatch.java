package io.sluice.clusterconfig;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a misspelt name was probably meant to be. */
final class NearMatch {

    private NearMatch() {
    }

    /** The name that is nearest, if it differs in at most a third of its letters, rounded up. */
    static Optional<String> of(String name, Collection<String> names) {
        return names.stream().min(Comparator.comparingInt((String known) -> distance(name, known))
                .thenComparing(Comparator.naturalOrder()))
                .filter(known -> distance(name, known) * 3 <= known.length() + 2);
    }

    /** How many letters must be added, removed or replaced to make one from the other. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
