#!/usr/bin/env python3
"""How long a cluster of three is without a node that dies, hangs or stops, by what its clients see.

  bench/failover.py                       kill -9, 20 trials: the controller's node, which is the oldest member, and another in turns
  bench/failover.py --how stop            SIGTERM;  --how hang: SIGSTOP for 6 s
  bench/failover.py --partitions 10000    the same with so many partitions, of which a few are produced to

Times in ms. `unacknowledged` is the figure that counts: one producer per partition sends one record after another with acks=all, and this is the longest
time between two acknowledgements on any of the partitions that the node led. The others are since the fault, seen by a client of another node:
`noticed`, the node is no longer listed; `leader`, all its partitions have another leader; `controller`, another controller is named. Pekko's steps are
read from the log of the other node.
"""
import argparse, datetime, os, re, shutil, signal, statistics, subprocess, sys, tempfile, threading, time

from wire import Kafka, free_port

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOPIC = "t"
PRODUCED = 12
PAUSE_S = 0.02


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


class Producer(threading.Thread):
    """Sends one record after another to one partition, and knows the longest time without an acknowledgement since it was asked to watch."""

    def __init__(self, nodes, partition):
        super().__init__(daemon=True)
        self.nodes, self.partition = nodes, partition
        self.connections, self.leader = {}, None
        self.last, self.worst, self.stopped = time.time(), 0.0, False

    def watch(self):
        self.worst = 0.0

    def run(self):
        while not self.stopped:
            try:
                if self.leader is None:
                    self.leader = self.find_leader()
                if self.leader is not None and self.connection(self.leader).produce(TOPIC, self.partition) == 0:
                    now = time.time()
                    self.worst, self.last = max(self.worst, now - self.last), now
                else:
                    self.leader = None
            except OSError:
                self.leader = None
            time.sleep(PAUSE_S)
        for connection in self.connections.values():
            connection.close()

    def find_leader(self):
        for node in self.nodes:
            try:
                seen = self.connection(node.kafka).metadata([TOPIC])
                return seen.nodes.get(seen.leaders[TOPIC][self.partition])
            except OSError:
                continue
        return None

    def connection(self, address):
        if address not in self.connections:
            self.connections[address] = Kafka(address, timeout=0.5)
        return self.connections[address]


def settled(nodes, limit=60):
    """Waits until every node sees all of them, each leads some of the topic, and says who the controller is."""
    ids = {n.id for n in nodes}
    for n in nodes:
        client = Kafka(n.kafka)
        until(limit, lambda: set((seen := client.metadata([TOPIC])).nodes) == ids and set(seen.leaders[TOPIC].values()) == ids
              and seen.controller in ids)
    time.sleep(3)


def trial(nodes, producers, of_controller, how):
    seen = Kafka(nodes[0].kafka).metadata([TOPIC])
    victim = next(n for n in nodes if (n.id == seen.controller) == of_controller)
    watcher = next(n for n in nodes if n is not victim)
    client, mine = Kafka(watcher.kafka), [p for p, leader in seen.leaders[TOPIC].items() if leader == victim.id]
    watcher.mark = os.path.getsize(watcher.log)
    for producer in producers:
        producer.watch()
    began = time.time()
    victim.process.send_signal({"kill": signal.SIGKILL, "stop": signal.SIGTERM, "hang": signal.SIGSTOP}[how])
    steps = {"node": "controller" if of_controller else "other"}

    def since():
        return round((time.time() - began) * 1000)
    until(30, lambda: victim.id not in client.metadata([]).nodes)
    steps["noticed"] = since()
    until(30, lambda: all(client.metadata([TOPIC]).leaders[TOPIC][p] not in (victim.id, -1) for p in mine))
    steps["leader"] = since()
    until(30, lambda: client.metadata([]).controller not in (victim.id, -1))
    steps["controller"] = since()
    of_victim = [producer for producer in producers if producer.partition in mine]
    moved = time.time()
    until(30, lambda: all(producer.last > moved for producer in of_victim))
    steps["unacknowledged"] = round(1000 * max(producer.worst for producer in of_victim))
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


def report(results):
    for kind in ("controller", "other"):
        of_kind = [r for r in results if r["node"] == kind]
        print(f"the node that died was {'the controller' if kind == 'controller' else 'another'}: {len(of_kind)} trials")
        for name in of_kind[0] if of_kind else ():
            values = sorted(r[name] for r in of_kind if name in r and name not in ("node", "exit"))
            if values:
                print(f"  {name:15} median {statistics.median(values):6.0f}  worst {values[-1]:6}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--how", choices=["kill", "stop", "hang"], default="kill")
    options.add_argument("--trials", type=int, default=20)
    options.add_argument("--partitions", type=int, default=PRODUCED)
    options = options.parse_args()
    home = tempfile.mkdtemp(prefix="sluice-failover-")
    ports = [free_port() for _ in range(3)]
    nodes = [Node(home, i, ports) for i in range(3)]
    producers = [Producer(nodes, partition) for partition in range(PRODUCED)]
    kept = True
    try:
        for n in nodes:
            n.start()
        for n in nodes:
            n.ready()
        Kafka(nodes[0].kafka, timeout=60).create(TOPIC, PRODUCED, 3)
        if options.partitions > PRODUCED:
            Kafka(nodes[0].kafka, timeout=60).create("many", options.partitions - PRODUCED, 3)
        settled(nodes)
        for producer in producers:
            producer.start()
        results = []
        for i in range(options.trials):
            until(30, lambda: all(time.time() - producer.last < 0.5 for producer in producers))
            results.append(trial(nodes, producers, i % 2 == 0, options.how))
            print(results[-1], flush=True)
            settled(nodes)
        report(results)
        kept = False
    finally:
        for producer in producers:
            producer.stopped = True
        for n in nodes:
            if n.process and n.process.poll() is None:
                n.process.kill()
                n.process.wait()
        if kept:
            print(f"what the nodes did is in {home}", file=sys.stderr)
        else:
            shutil.rmtree(home)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped too
    main()
