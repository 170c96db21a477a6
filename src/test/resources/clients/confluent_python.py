"""confluent-kafka, which is librdkafka, as a client of the matrix (see README.md)."""
import os
import sys

import common
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition


def produce(bootstrap, topic, codec, records):
    failures = []

    def on_delivery(error, _):
        if error is not None:
            failures.append(error)

    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": codec, "message.max.bytes": 8 << 20,
                         "enable.idempotence": True})
    for key, value, headers, timestamp in records:
        producer.produce(topic, value=value, key=key, headers=headers, partition=0, timestamp=timestamp,
                         on_delivery=on_delivery)
    left = producer.flush(60)
    if left or failures:
        raise SystemExit(f"{left} records not delivered, failures: {failures}")


def consume(bootstrap, topics):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False,
                         "auto.offset.reset": "error"})
    left = {}
    for topic in topics:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
        if high > low:
            left[topic] = high
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING) for topic in left])
    while left:
        message = consumer.poll(60)
        if message is None or message.error():
            raise SystemExit(f"{left} left: {message and message.error()}")
        common.print_record(message.topic(), message.offset(), message.key(), message.value(), message.headers() or [],
                            message.timestamp()[1])
        if message.offset() + 1 >= left.get(message.topic(), 0):
            left.pop(message.topic(), None)
    consumer.close()


def join(bootstrap, topic, group, session_ms, told_to_end):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "session.timeout.ms": session_ms,
                         "max.poll.interval.ms": 4 * session_ms, "heartbeat.interval.ms": 300,
                         "partition.assignment.strategy": "roundrobin", "enable.auto.commit": False,
                         "auto.offset.reset": "earliest", "fetch.wait.max.ms": 100})

    def on_assign(_, partitions):
        common.tell("partitions_assigned", partitions=[{"partition": p.partition} for p in partitions])

    consumer.subscribe([topic], on_assign=on_assign)
    while not told_to_end.is_set():
        messages = consumer.consume(100, 0.1)
        for message in messages:
            if message.error():
                raise SystemExit(message.error())
            common.tell_record(topic, message.partition(), message.offset(), message.value())
        if messages:
            try:
                consumer.commit(asynchronous=False)
            except KafkaException as refused:  # by a rebalance; whoever has the partitions then reads on from the last commit
                common.tell("offsets_committed", success=False, error=str(refused))
    consumer.close()


common.main(produce, consume, join)
sys.stdout.flush()
os._exit(0)  # version 1.7 of the binding counts references to None wrongly, and the interpreter would abort as it ends
