#!/usr/bin/env python3
"""What many partitions cost three nodes of Sluice, and then three of Apache Kafka.

  bench/growth.py                                10,000 partitions of three replicas on each side
  bench/growth.py --partitions 2000 --side kafka

One side after the other, on 127.0.0.1, with their own start settings, flush = os, and fresh data. Times in seconds, by what clients of every node see:
  created     all partitions were asked for, until every node names a leader for each
  written     then one record to each partition, acks=all, over 12 connections
  killed      kill -9 of one node, until the others name leaders for all of its partitions
  acknowledged  the same, until a record is acknowledged on every one of its partitions
  stopped     SIGTERM to all three, until the processes have ended
  restarted   all three started again, until every node names a leader for each partition
  served      the same, until a record is acknowledged on every partition
`heap_kb` is the heap that a partition holds while nothing happens: three nodes after a full collection, less what they held without partitions.
"""
import argparse, json, os, queue, re, shutil, signal, subprocess, sys, tempfile, threading, time

import compare
import peer
from wire import Kafka, free_port

NODES, FACTOR, PER_TOPIC, CONNECTIONS = 3, 3, 1000, 12
LIMIT_S = 600


class Cluster:
    def __init__(self, side):
        self.side, self.processes = side, [None] * NODES
        self.dirs = [tempfile.mkdtemp(prefix=f"sluice-growth-{side}-") for _ in range(NODES)]
        self.ports = [free_port(following=1) for _ in range(NODES)]
        self.seeds = [f"127.0.0.1:{free_port()}" for _ in range(NODES)]
        self.addresses = [f"127.0.0.1:{port}" for port in self.ports]
        if side == "kafka":
            compare.format_kafka(self.ports, self.dirs)

    def start(self, i):
        if self.side == "kafka":
            self.processes[i] = compare.start_kafka(self.ports[i], self.dirs[i])
        else:
            self.processes[i] = compare.start_sluice("os", self.ports[i], self.dirs[i], self.seeds[i], self.seeds)

    def pids(self):
        return [process.pid for process in self.processes]

    def close(self):
        for process in self.processes:
            if process and process.poll() is None:
                process.kill()
                process.wait()
        for d in self.dirs:
            shutil.rmtree(d, ignore_errors=True)


def until(what, condition):
    end = time.time() + LIMIT_S
    while time.time() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{what}: not within {LIMIT_S} s")


def led(address, topics, nodes, but=()):
    """Whether this node sees so many nodes and a leader, none of those given, for every partition."""
    client = Kafka(address, timeout=60)
    try:
        seen = client.metadata(topics)
        leaders = [leader for topic in topics for leader in seen.leaders[topic].values()]
        return len(seen.nodes) >= nodes and all(leader >= 0 and leader not in but for leader in leaders)
    finally:
        client.close()


def acknowledge(address, partitions):
    """One record to each of these (topic, partition), again until it is acknowledged; by a few threads."""
    work, failed = queue.SimpleQueue(), []
    for partition in partitions:
        work.put(partition)

    def run():
        connections, leaders, end = {}, {}, time.time() + LIMIT_S

        def connection(to):
            return connections.setdefault(to, Kafka(to, timeout=10))
        while True:
            try:
                topic, partition = work.get_nowait()
            except queue.Empty:
                break
            while True:
                try:
                    if topic not in leaders:
                        seen = connection(address).metadata([topic])
                        leaders[topic] = {p: seen.nodes.get(leader) for p, leader in seen.leaders[topic].items()}
                    to = leaders[topic][partition]
                    if to and connection(to).produce(topic, partition, timeout_ms=10_000) == 0:
                        break
                except OSError:
                    pass
                leaders.pop(topic, None)
                if time.time() > end:
                    failed.append((topic, partition))
                    break
                time.sleep(0.02)
        for each in connections.values():
            each.close()
    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"{len(failed)} partitions take no record, {failed[0]} for one")


def heap_mb(pids):
    """What lives in the heaps of these processes."""
    total = 0
    for pid in pids:
        jcmd = os.path.join(os.path.dirname(os.readlink(f"/proc/{pid}/exe")), "jcmd")
        for _ in range(2):
            subprocess.run([jcmd, str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
        text = subprocess.run([jcmd, str(pid), "GC.heap_info"], check=True, stdout=subprocess.PIPE, text=True).stdout
        used = [int(kb) for kb in re.findall(r"(?:garbage-first heap|DefNew|Tenured) .*?used (\d+)K", text)]
        if not used:
            raise SystemExit(f"jcmd GC.heap_info says nothing that is understood here:\n{text}")
        total += sum(used) / 1024
    return total


def measure(side, partitions):
    cluster, figures = Cluster(side), {}
    began = time.time()

    def took(name):
        nonlocal began
        figures[name] = round(time.time() - began, 2)
        print(f"{side:7} {name:13} {figures[name]:8.2f} s", flush=True)
    try:
        for i in range(NODES):
            cluster.start(i)
        until("start", lambda: all(led(a, [], NODES) for a in cluster.addresses))
        topics = [f"growth-{i}" for i in range((partitions + PER_TOPIC - 1) // PER_TOPIC)]
        every = [(topic, p) for topic in topics for p in range(min(PER_TOPIC, partitions))]
        acknowledge(cluster.addresses[0], warm(cluster))
        empty_mb = heap_mb(cluster.pids())

        began = time.time()
        client = Kafka(cluster.addresses[0], timeout=LIMIT_S)
        for topic in topics:
            client.create(topic, min(PER_TOPIC, partitions), FACTOR)
        until("created", lambda: all(led(a, topics, NODES) for a in cluster.addresses))
        took("created")
        figures["heap_kb_untouched"] = round((heap_mb(cluster.pids()) - empty_mb) * 1024 / len(every), 2)
        began = time.time()
        acknowledge(cluster.addresses[0], every)
        took("written")
        time.sleep(30)  # what does not last has gone
        figures["heap_kb"] = round((heap_mb(cluster.pids()) - empty_mb) * 1024 / len(every), 2)
        figures["rss_mb"] = round(sum(peer.rss_mb([pid]) for pid in cluster.pids()))
        print(f"{side:7} heap_kb {figures['heap_kb_untouched']} untouched, {figures['heap_kb']} written, rss_mb {figures['rss_mb']}", flush=True)

        seen = Kafka(cluster.addresses[0]).metadata(topics)
        victim = next(node for node, address in seen.nodes.items() if address == cluster.addresses[2])
        of_victim = [(topic, p) for topic, p in every if seen.leaders[topic][p] == victim]
        began = time.time()
        cluster.processes[2].kill()
        until("killed", lambda: all(led(a, topics, 1, but=[victim]) for a in cluster.addresses[:2]))
        took("killed")
        acknowledge(cluster.addresses[0], of_victim)
        took("acknowledged")
        cluster.processes[2].wait()
        cluster.start(2)
        until("back", lambda: all(led(a, topics, NODES) for a in cluster.addresses))
        time.sleep(20)  # the node catches up

        began = time.time()
        for process in cluster.processes:
            process.send_signal(signal.SIGTERM)
        for process in cluster.processes:
            process.wait(LIMIT_S)
        took("stopped")
        began = time.time()
        for i in range(NODES):
            cluster.start(i)
        until("restarted", lambda: all(led(a, topics, NODES) for a in cluster.addresses))
        took("restarted")
        acknowledge(cluster.addresses[0], every)
        took("served")
        return figures
    finally:
        cluster.close()


def warm(cluster):
    """A topic in use before anything is measured, so that classes are loaded and coordinators know where they are."""
    Kafka(cluster.addresses[0], timeout=60).create("warm", 12, FACTOR)
    until("warm", lambda: all(led(a, ["warm"], NODES) for a in cluster.addresses))
    return [("warm", p) for p in range(12)] * 20


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--partitions", type=int, default=10_000)
    options.add_argument("--side", choices=["sluice", "kafka"], action="append", help="only this side")
    options.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    options = options.parse_args()
    if options.partitions > PER_TOPIC and options.partitions % PER_TOPIC:
        raise SystemExit(f"--partitions above {PER_TOPIC} must be a multiple of it")
    peer.install()
    subprocess.run([os.path.join(compare.ROOT, "bin", "sluice"), "--version"], check=True)  # builds if need be
    results = {side: measure(side, options.partitions) for side in options.side or ("sluice", "kafka")}
    print(f"\n{options.partitions} partitions" + "".join(f"{side:>12}" for side in results))
    for name in next(iter(results.values())):
        print(f"  {name:20}" + "".join(f"{figures[name]:>12}" for figures in results.values()))
    if options.json:
        with open(options.json, "w") as f:
            json.dump(results, f, indent=1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped too
    main()
