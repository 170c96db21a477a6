"""kafka-python as a client of the matrix (see README.md)."""
import common
from kafka import KafkaConsumer, KafkaProducer, TopicPartition


def produce(bootstrap, topic, codec, records):
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=20, max_request_size=8 << 20,
                             compression_type=None if codec == "none" else codec)
    sent = [producer.send(topic, value=value, key=key, headers=headers, partition=0, timestamp_ms=timestamp)
            for key, value, headers, timestamp in records]
    for future in sent:
        future.get(timeout=60)
    producer.close()


def consume(bootstrap, topics):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False,
                             consumer_timeout_ms=60_000)
    partitions = [TopicPartition(topic, 0) for topic in topics]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    left = {p for p in partitions if ends[p] > 0}
    while left:
        record = next(consumer)
        common.print_record(record.topic, record.offset, record.key, record.value, record.headers, record.timestamp)
        if record.offset + 1 >= ends[TopicPartition(record.topic, 0)]:
            left.discard(TopicPartition(record.topic, 0))
    consumer.close(autocommit=False)


common.main(produce, consume)
