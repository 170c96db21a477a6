"""What the Python clients share: the records as lines of JSON (see README.md)."""
import base64
import hashlib
import json
import signal
import sys
import threading
import time

LARGE = 64 * 1024


def decode(text):
    return None if text is None else base64.b64decode(text)


def encode(data):
    return None if data is None else base64.b64encode(data).decode()


def read_records(path):
    with open(path) as lines:
        for line in lines:
            record = json.loads(line)
            if "file" in record:
                with open(record["file"], "rb") as file:
                    value = file.read()
            else:
                value = decode(record["value"])
            headers = [(name, decode(data)) for name, data in record["headers"]]
            yield decode(record["key"]), value, headers, record["timestamp"]


def print_record(topic, offset, key, value, headers, timestamp):
    record = {"topic": topic, "offset": offset, "key": encode(key), "timestamp": timestamp,
              "headers": [[name, encode(data)] for name, data in headers]}
    if value is not None and len(value) > LARGE:
        record["size"] = len(value)
        record["sha256"] = hashlib.sha256(value).hexdigest()
    else:
        record["value"] = encode(value)
    print(json.dumps(record))


def tell(name, **fields):
    print(json.dumps({"timestamp": time.time_ns() // 1_000_000, "name": name, **fields}), flush=True)


def tell_record(topic, partition, offset, value):
    tell("record_data", topic=topic, partition=partition, offset=offset, value=value.decode())


def main(produce, consume, join):
    verb, bootstrap, *rest = sys.argv[1:]
    if verb == "produce":
        for topic, codec in (pair.split("=") for pair in rest[1:]):
            produce(bootstrap, topic, codec, read_records(rest[0]))
    elif verb == "consume":
        consume(bootstrap, rest)
    else:
        told_to_end = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: told_to_end.set())
        topic, group, session_ms = rest
        join(bootstrap, topic, group, int(session_ms), told_to_end)
        tell("shutdown_complete")
