package io.sluice.actors.group;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.apache.kafka.common.errors.InvalidRegularExpression;

/**
 * A regular expression for names of topics, in RE2's syntax as Kafka has it: matching takes time in proportion to the name, whatever the expression.
 * It must match the whole name. Immutable.
 */
final class TopicPattern {
    private static final int MAX_LENGTH = 1000;
    /** RE2 unrolls counted repetitions, and nested ones multiply: this bounds what an expression can grow to. */
    private static final long MAX_REPETITIONS = 1000;
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws InvalidRegularExpression if it is none, or too long, or repeats too much
     */
    static TopicPattern of(String regex) {
        if (regex.length() > MAX_LENGTH || repetitions(regex) > MAX_REPETITIONS) {
            throw new InvalidRegularExpression("SubscribedTopicRegex is longer than " + MAX_LENGTH
                    + " characters, or its counted repetitions multiply to more than " + MAX_REPETITIONS + ".");
        }
        try {
            return new TopicPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new InvalidRegularExpression("SubscribedTopicRegex `" + regex
                    + "` is not a valid regular expression: " + e.getDescription() + ".");
        }
    }

    private static long repetitions(String regex) {
        long product = 1;
        Matcher m = REPETITION.matcher(regex);
        while (m.find() && product <= MAX_REPETITIONS) {
            String most = m.group(2) == null || m.group(2).isEmpty() ? m.group(1) : m.group(2);
            product *= most.length() > 4 ? MAX_REPETITIONS + 1 : Math.max(1, Integer.parseInt(most));
        }
        return product;
    }

    boolean matches(String topic) {
        return pattern.matches(topic);
    }
}
