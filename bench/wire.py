"""The few Kafka requests that the benchmarks send by hand, so that no client's own start or timers are measured."""
import random, socket, struct

PRODUCE, LIST_OFFSETS, METADATA, CREATE_TOPICS = 0, 2, 3, 19


def free_port(following=0):
    """A free port that so many free ones follow; below those of outgoing connections, one of which might else take it while a node restarts."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        end = int(file.read().split()[0])
    while True:
        first = random.randrange(10_000, end - following)
        if all(_is_free(port) for port in range(first, first + following + 1)):
            return first


def _is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


class Metadata:
    """An answer to Metadata v1: `nodes` {id: address}, `controller`, `leaders` {topic: {partition: leader}}, -1 where there is none."""

    def __init__(self, data):
        self.data, self.at = data, 0
        self.nodes, self.leaders = {}, {}
        for _ in range(self._take("i")):
            node, host, port = self._take("i"), self._text(), self._take("i")
            self.nodes[node] = f"{host}:{port}"
            self._text()
        self.controller = self._take("i")
        for _ in range(self._take("i")):
            self._topic()

    def _topic(self):
        self._take("h")
        name, _ = self._text(), self._take("b")
        leaders = self.leaders[name] = {}
        for _ in range(self._take("i")):
            error, partition, leader = self._take("h"), self._take("i"), self._take("i")
            leaders[partition] = leader if error == 0 else -1
            for _ in range(2):  # replicas, in-sync replicas
                count = self._take("i")
                self.at += 4 * count

    def _take(self, form):
        value = struct.unpack_from(">" + form, self.data, self.at)[0]
        self.at += struct.calcsize(">" + form)
        return value

    def _text(self):
        size = max(0, self._take("h"))
        self.at += size
        return self.data[self.at - size:self.at].decode()


class Kafka:
    """A connection to one node; made when it is first needed and again after a failure. Errors are OSError."""

    def __init__(self, address, timeout=5):
        host, port = address.rsplit(":", 1)
        self.address, self.timeout, self.socket = (host, int(port)), timeout, None

    def ask(self, key, version, body):
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, 1)
                self.socket.settimeout(self.timeout)
            frame = struct.pack(">hhih", key, version, 1, -1) + body
            self.socket.sendall(struct.pack(">i", len(frame)) + frame)
            size = struct.unpack(">i", self._read(4))[0]
            return self._read(size)[4:]
        except OSError:
            self.close()
            raise

    def _read(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def metadata(self, topics=None):
        """Of all topics if none are named."""
        names = struct.pack(">i", -1) if topics is None else struct.pack(">i", len(topics)) + b"".join(map(text, topics))
        return Metadata(self.ask(METADATA, 1, names))

    def create(self, topic, partitions, replicas, timeout_ms=60_000):
        """Has a topic created; the answer is not looked into: whether it is there, Metadata says."""
        self.ask(CREATE_TOPICS, 2, struct.pack(">i", 1) + text(topic) + struct.pack(">ihiii?", partitions, replicas, 0, 0, timeout_ms, False))

    def produce(self, topic, partition, timeout_ms=1_000):
        """One record, acks=all; returns the error code, 0 if it was acknowledged."""
        body = struct.pack(">hhii", -1, -1, timeout_ms, 1) + text(topic) + struct.pack(">iii", 1, partition, len(BATCH)) + BATCH
        return struct.unpack_from(">h", self.ask(PRODUCE, 3, body), 4 + len(text(topic)) + 4 + 4)[0]

    def lists_offsets(self, topic, partition):
        body = struct.pack(">ii", -1, 1) + text(topic) + struct.pack(">iiq", 1, partition, -1)
        return struct.unpack_from(">h", self.ask(LIST_OFFSETS, 1, body), 4 + len(text(topic)) + 4 + 4)[0] == 0


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def _crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def _batch(value):
    """A record batch (magic 2) of one record without a key."""
    record = bytes([0, 0, 0, 1, 2 * len(value)]) + value + b"\0"
    counted = struct.pack(">hiqqqhii", 0, 0, 0, 0, -1, -1, -1, 1) + bytes([2 * len(record)]) + record
    return struct.pack(">qiibI", 0, 9 + len(counted), -1, 2, _crc32c(counted)) + counted


BATCH = _batch(b"failover")
