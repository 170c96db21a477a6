#!/usr/bin/env python3
"""How long a cluster of three is without a node that dies, hangs or stops, by what its clients see.

  bench/failover.py                       kill -9 of a node that does not run the controller, 20 trials
  bench/failover.py --how stop            SIGTERM;  --how hang: SIGSTOP for 6 s
  bench/failover.py --busy 60             no fault: all cores busy for 60 s; prints how many nodes were called unreachable

Times in ms since the fault, seen by a client of another node: `noticed`, the node is no longer listed; `leader`, all its partitions have another
leader; `serving`, the new leader answers ListOffsets for them, so their shards have moved. Pekko's steps are read from the log of the other node.
"""
import argparse, datetime, os, re, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Kafka:
    """The two requests that are needed, by hand, so that no client's own timers are measured."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.address = (host, int(port))
        self.socket = None

    def ask(self, key, version, body):
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, 1)
                self.socket.settimeout(5)
            frame = struct.pack(">hhih", key, version, 1, -1) + body
            self.socket.sendall(struct.pack(">i", len(frame)) + frame)
            size = struct.unpack(">i", self.read(4))[0]
            return self.read(size)[4:]
        except OSError:
            self.socket = None
            raise

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise OSError("closed")
            data += more
        return data

    def metadata(self):
        """(nodes, controller, {partition: leader} of topic t)"""
        data, at = self.ask(3, 1, struct.pack(">i", -1)), 0

        def take(form):
            nonlocal at
            values = struct.unpack_from(">" + form, data, at)
            at += struct.calcsize(">" + form)
            return values[0]

        def text():
            nonlocal at
            size = take("h")
            at += max(0, size)
            return data[at - max(0, size):at].decode()
        nodes = {}
        for _ in range(take("i")):
            node = take("i")
            nodes[node] = f"{text()}:{take('i')}"
            text()
        controller, leaders = take("i"), {}
        for _ in range(take("i")):
            take("h")
            name = text()
            take("b")
            for _ in range(take("i")):
                take("h")
                partition, leader = take("i"), take("i")
                for _ in range(2):  # replicas, in-sync replicas
                    count = take("i")
                    at += 4 * count
                if name == "t":
                    leaders[partition] = leader
        return nodes, controller, leaders

    def answers(self, partition):
        body = struct.pack(">ii", -1, 1) + struct.pack(">h", 1) + b"t" + struct.pack(">iiq", 1, partition, -1)
        return struct.unpack_from(">h", self.ask(2, 1, body), 4 + 2 + 1 + 4 + 4)[0] == 0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Node:
    def __init__(self, home, number, ports):
        self.home, self.number, self.ports = home, number, ports
        self.dir = os.path.join(home, str(number))
        os.makedirs(self.dir)
        self.log = os.path.join(self.dir, "log")
        self.kafka, self.process, self.mark = "127.0.0.1:0", None, 0

    def start(self):
        self.mark = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        line = [os.path.join(ROOT, "bin", "sluice"), "start", "--data", os.path.join(self.dir, "data"), "--listen", self.kafka,
                "--cluster", f"127.0.0.1:{self.ports[self.number]}"]
        for port in self.ports:
            line += ["--seed", f"127.0.0.1:{port}"]
        self.process = subprocess.Popen(line, stdout=open(self.log, "ab"), stderr=subprocess.STDOUT, cwd=self.dir)

    def text(self):
        with open(self.log) as file:
            file.seek(self.mark)
            return file.read()

    def ready(self):
        match = until(60, lambda: re.search(r"ready: Kafka clients on (\S+), node (\d+)", self.text()))
        self.kafka, self.id = match.group(1), int(match.group(2))


def until(limit, condition):
    end = time.time() + limit
    while time.time() < end:
        try:
            found = condition()
            if found:
                return found
        except OSError:
            pass
        time.sleep(0.005)
    raise RuntimeError(f"not within {limit} s")


def settled(nodes):
    ids = {n.id for n in nodes}
    for n in nodes:
        client = Kafka(n.kafka)
        until(30, lambda: set(client.metadata()[0]) == ids and set(client.metadata()[2].values()) <= ids)
    time.sleep(3)


def trial(nodes, victim, watcher, how):
    client = Kafka(watcher.kafka)
    addresses, _, leaders = client.metadata()
    mine = [p for p, leader in leaders.items() if leader == victim.id]
    watcher.mark = os.path.getsize(watcher.log)
    began = time.time()
    victim.process.send_signal({"kill": signal.SIGKILL, "stop": signal.SIGTERM, "hang": signal.SIGSTOP}[how])
    steps = {}

    def since():
        return round((time.time() - began) * 1000)
    until(30, lambda: victim.id not in client.metadata()[0])
    steps["noticed"] = since()
    until(30, lambda: all(client.metadata()[2][p] not in (victim.id, -1) for p in mine))
    steps["leader"] = since()
    leaders, others = client.metadata()[2], {}
    for p in mine:
        other = others.setdefault(leaders[p], Kafka(addresses[leaders[p]]))
        until(30, lambda: other.answers(p))
    steps["serving"] = since()
    until(30, lambda: "is no member any more" in watcher.text())
    for name, pattern in (("unreachable", "as UNREACHABLE"), ("down", "is down: nobody|SBR took decision"), ("removed", "is no member")):
        line = re.search(r"(\S+Z).*(?:" + pattern + ")", watcher.text())
        if line:
            at = datetime.datetime.fromisoformat(line.group(1).replace("Z", "+00:00")).timestamp()
            steps[name] = round((at - began) * 1000)
    if how == "hang":
        time.sleep(max(0, 6 - (time.time() - began)))
        victim.mark = os.path.getsize(victim.log)
        victim.process.send_signal(signal.SIGCONT)
    else:
        steps["exit"] = victim.process.wait()
        victim.start()
    victim.ready()
    return steps


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--how", choices=["kill", "stop", "hang"], default="kill")
    options.add_argument("--trials", type=int, default=20)
    options.add_argument("--busy", type=int, default=0)
    options = options.parse_args()
    home = tempfile.mkdtemp(prefix="sluice-failover-")
    ports = [free_port() for _ in range(3)]
    nodes = [Node(home, i, ports) for i in range(3)]
    try:
        for n in nodes:
            n.start()
        for n in nodes:
            n.ready()
        create(nodes[0])
        settled(nodes)
        if options.busy:
            busy(nodes, options.busy)
            return
        results = []
        for i in range(options.trials):
            victim = nodes[1 + i % 2]
            results.append(trial(nodes, victim, nodes[0], options.how))
            print(results[-1], flush=True)
            settled(nodes)
        for name in results[0]:
            values = sorted(r[name] for r in results if name in r)
            print(f"{name:12} median {statistics.median(values):6.0f}  worst {values[-1]:6}  of {len(values)}")
    finally:
        for n in nodes:
            if n.process and n.process.poll() is None:
                n.process.kill()
                n.process.wait()
        shutil.rmtree(home)


def create(node):
    body = struct.pack(">i", 1) + struct.pack(">h", 1) + b"t" + struct.pack(">ihiii", 12, 3, 0, 0, 20000)
    Kafka(node.kafka).ask(19, 2, body + b"\0")


def busy(nodes, seconds):
    """Two spinning processes per core."""
    marks = [os.path.getsize(n.log) for n in nodes]
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * os.cpu_count())]
    try:
        time.sleep(seconds)
    finally:
        for s in spinning:
            s.kill()
            s.wait()
    for n, mark in zip(nodes, marks):
        n.mark = mark
        print(f"node {n.id}: {n.text().count('as UNREACHABLE')} times called another unreachable, {n.text().count('is no member')} removed")


if __name__ == "__main__":
    main()
