package io.sluice;

import java.nio.file.Path;
import java.util.List;

/** A client library that consumes as a member of a group, in a process of its own; what it tells is in {@code src/test/resources/clients/README.md}. */
enum GroupClient {

    JAVA {
        @Override
        void require() {
            // is there as Kafka's tools are
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return KafkaTools.start(name, "org.apache.kafka.tools.VerifiableConsumer",
                    KafkaTools.at(bootstrap, "--topic", topic, "--group-id", group, "--reset-policy", "earliest",
                            "--verbose", "--session-timeout", Integer.toString(sessionMs), "--assignment-strategy",
                            "org.apache.kafka.clients.consumer.RoundRobinAssignor", "--command-config",
                            SCRIPTS.resolve("member.properties").toString()));
        }
    },
    /** The same library in the protocol of KIP-848, where the session's length is the node's to say. */
    JAVA_CONSUMER_PROTOCOL {
        @Override
        void require() {
            // is there as Kafka's tools are
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return KafkaTools.start(name, "org.apache.kafka.tools.VerifiableConsumer",
                    KafkaTools.at(bootstrap, "--topic", topic, "--group-id", group, "--reset-policy", "earliest",
                            "--verbose", "--group-protocol", "consumer"));
        }
    },
    CONFLUENT_PYTHON {
        @Override
        void require() {
            ForeignClient.CONFLUENT_PYTHON.require();
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return script("/usr/bin/python3", "confluent_python.py", name, bootstrap, topic, group, sessionMs);
        }
    },
    KAFKA_PYTHON {
        @Override
        void require() {
            ForeignClient.KAFKA_PYTHON.require();
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return script("/usr/bin/python3", "kafka_python.py", name, bootstrap, topic, group, sessionMs);
        }
    },
    KAFKAJS {
        @Override
        void require() {
            ForeignClient.KAFKAJS.require();
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return script("node", "kafkajs.js", name, bootstrap, topic, group, sessionMs);
        }
    },
    /** Commits by time and not by what it has written. */
    KCAT {
        @Override
        void require() {
            ForeignClient.KCAT.require();
        }

        @Override
        ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs) {
            return ForeignClient.start(name, List.of("kcat", "-b", bootstrap, "-G", group, "-u", "-X",
                    "session.timeout.ms=" + sessionMs, "-X", "max.poll.interval.ms=" + 4 * sessionMs, "-X",
                    "heartbeat.interval.ms=300", "-X", "partition.assignment.strategy=roundrobin", "-X",
                    "auto.offset.reset=earliest", "-X", "auto.commit.interval.ms=100", "-f",
                    "{\"name\":\"record_data\",\"partition\":%p,\"offset\":%o,\"value\":\"%s\"}\\n", topic));
        }
    };

    private static final Path SCRIPTS = NodeCommand.ROOT.resolve("src/test/resources/clients");

    /** Skips the test, or fails it, when the client is not installed. */
    abstract void require();

    /**
     * Starts one that joins the group and consumes the topic from its beginning, or from where the group has committed.
     *
     * @param name of its log
     * @param sessionMs its session timeout
     */
    abstract ChildProcess join(String name, String bootstrap, String topic, String group, int sessionMs);

    private static ChildProcess script(String interpreter, String script, String name, String bootstrap, String topic,
            String group, int sessionMs) {
        return ForeignClient.start(name, List.of(interpreter, SCRIPTS.resolve(script).toString(), "join", bootstrap,
                topic, group, Integer.toString(sessionMs)));
    }
}
