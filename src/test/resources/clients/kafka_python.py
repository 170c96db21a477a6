"""kafka-python as a client of the matrix (see README.md)."""
import common
from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import CommitFailedError


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


def join(bootstrap, topic, group, session_ms, told_to_end):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, session_timeout_ms=session_ms,
                             max_poll_interval_ms=4 * session_ms, request_timeout_ms=5 * session_ms,
                             heartbeat_interval_ms=300, enable_auto_commit=False, auto_offset_reset="earliest",
                             partition_assignment_strategy=[RoundRobinPartitionAssignor], fetch_max_wait_ms=100)

    class Listener(ConsumerRebalanceListener):
        def on_partitions_revoked(self, revoked):
            pass

        def on_partitions_assigned(self, assigned):
            # the library has no public way to ask for these two
            generation = consumer._coordinator._generation
            common.tell("partitions_assigned", partitions=[{"partition": p.partition} for p in assigned],
                        member=generation.member_id, generation=generation.generation_id)

    consumer.subscribe([topic], listener=Listener())
    while not told_to_end.is_set():
        polled = consumer.poll(timeout_ms=100, max_records=100)
        for records in polled.values():
            for record in records:
                common.tell_record(topic, record.partition, record.offset, record.value)
        if polled:
            try:
                consumer.commit()
            except CommitFailedError as refused:  # by a rebalance; whoever has the partitions then reads on from the last commit
                common.tell("offsets_committed", success=False, error=str(refused))
    consumer.close(autocommit=False)


common.main(produce, consume, join)
