package io.sluice.actors.placement;

import java.util.Arrays;

/**
 * Brings the numbers of something that nodes have within limits, a piece at a time. Where the one that has too much cannot give to the one that has
 * too little, others pass on: a chain of transfers, as short as there is one.
 */
final class Evening {

    /** What can go from node to node. */
    interface Transfers {

        /** What a node has. */
        int countOf(int node);

        /** Whether something of {@code from} may go to {@code to}. */
        boolean isPossible(int from, int to);

        /** Lets one go. */
        void transfer(int from, int to);
    }

    private final boolean[] takesPart;
    private final int low;
    private final int high;
    private final int longestChain;
    private final Transfers transfers;

    /**
     * @param takesPart the nodes that give and get
     * @param low least that a node should have
     * @param high most that a node should have
     * @param longestChain transfers in a row; more than 2 only where one transfer never makes another impossible
     */
    Evening(boolean[] takesPart, int low, int high, int longestChain, Transfers transfers) {
        this.takesPart = takesPart;
        this.low = low;
        this.high = high;
        this.longestChain = longestChain;
        this.transfers = transfers;
    }

    /** The least that each should have: within 10 % of the average, or one, and something if there is enough for all. */
    static int lowest(int total, int nodes) {
        return Math.max(Math.min(1, total / nodes), Math.ceilDiv(10 * total - slack(total, nodes), 10 * nodes));
    }

    /** The most that each should have: within 10 % of the average, or one. */
    static int highest(int total, int nodes) {
        return (10 * total + slack(total, nodes)) / (10 * nodes);
    }

    private static int slack(int total, int nodes) {
        return Math.max(10 * nodes, total);
    }

    /** Transfers until no chain makes it better. Each one makes the sum of squares smaller, so this ends. */
    void settle() {
        for (int[] chain = next(); chain.length > 0; chain = next()) {
            for (int i = 1; i < chain.length; i++) {
                transfers.transfer(chain[i - 1], chain[i]);
            }
        }
    }

    private int[] next() {
        int[] best = direct();
        if (best.length > 0 || isSettled()) {
            return best;
        }
        for (int from = 0; from < takesPart.length; from++) {
            if (takesPart[from]) {
                best = better(best, chainFrom(from));
            }
        }
        return best;
    }

    private boolean isSettled() {
        for (int node = 0; node < takesPart.length; node++) {
            if (takesPart[node] && (transfers.countOf(node) < low || transfers.countOf(node) > high)) {
                return false;
            }
        }
        return true;
    }

    private int[] direct() {
        int[] best = {};
        for (int from = 0; from < takesPart.length; from++) {
            for (int to = 0; to < takesPart.length; to++) {
                if (helps(from, to) && (best.length == 0 || difference(from, to) > difference(best[0], best[1]))
                        && transfers.isPossible(from, to)) {
                    best = new int[]{from, to};
                }
            }
        }
        return best;
    }

    /** The shortest chain from a node to one that it helps, to the one that has least if there are several; empty if there is none. */
    private int[] chainFrom(int from) {
        int[] before = new int[takesPart.length];
        int[] length = new int[takesPart.length];
        Arrays.fill(before, -1);
        int[] queue = new int[takesPart.length];
        int end = 1;
        queue[0] = from;
        before[from] = from;
        int best = -1;
        for (int at = 0; at < end; at++) {
            int node = queue[at];
            if (length[node] == longestChain || (best >= 0 && length[node] >= length[best])) {
                break;
            }
            for (int to = 0; to < takesPart.length; to++) {
                if (takesPart[to] && before[to] < 0 && transfers.isPossible(node, to)) {
                    before[to] = node;
                    length[to] = length[node] + 1;
                    queue[end++] = to;
                    if (helps(from, to) && (best < 0
                            || (length[to] == length[best] && transfers.countOf(to) < transfers.countOf(best)))) {
                        best = to;
                    }
                }
            }
        }
        if (best < 0) {
            return new int[0];
        }
        int[] chain = new int[length[best] + 1];
        int node = best;
        for (int i = chain.length - 1; i >= 0; i--) {
            chain[i] = node;
            node = before[node];
        }
        return chain;
    }

    private int[] better(int[] one, int[] other) {
        if (one.length == 0 || other.length == 0) {
            return one.length == 0 ? other : one;
        }
        if (one.length != other.length) {
            return one.length < other.length ? one : other;
        }
        return difference(other[0], other[other.length - 1]) > difference(one[0], one[one.length - 1]) ? other : one;
    }

    private boolean helps(int from, int to) {
        return takesPart[from] && takesPart[to] && difference(from, to) > 1
                && (transfers.countOf(from) > high || transfers.countOf(to) < low);
    }

    private int difference(int from, int to) {
        return transfers.countOf(from) - transfers.countOf(to);
    }
}
