#!/usr/bin/env python3
"""Whether nodes take one another for dead when all cores are busy for long: three nodes, records produced all the while, and nothing happens to them.

  bench/load.py                           half an hour, two spinning processes per core besides
  bench/load.py --seconds 60 --spinning 0

Says how often a node was called unreachable or removed, and exits with 1 if one was.
"""
import argparse, os, shutil, signal, statistics, subprocess, sys, tempfile, time

import compare
import failover
import peer
from wire import Kafka, free_port


def producer(bootstrap, topic, options):
    """Kafka's own, until it is stopped."""
    return subprocess.Popen(
        ["java", "-Xmx256m", f"-Dlog4j2.configurationFile={compare.HERE}/peer/log4j2.xml", "-cp", f"{peer.LIB}/*",
         "org.apache.kafka.tools.ProducerPerformance", "--topic", topic, "--num-records", str(options.seconds * options.throughput * 2),
         "--record-size", "1024", "--throughput", str(options.throughput), "--producer-props", f"bootstrap.servers={bootstrap}", "acks=all",
         "linger.ms=5"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def loaded(nodes, options):
    """Keeps everything busy; returns whether no node was called unreachable."""
    bootstrap = ",".join(n.kafka for n in nodes)
    # what is produced in half an hour would not fit on the disk
    topic = peer.topic(bootstrap, 3, failover.PRODUCED, retention_bytes=64 << 20, segment_bytes=16 << 20)
    marks = [os.path.getsize(n.log) for n in nodes]
    averages, said, began = [], [], time.time()
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.spinning)]
    producing = producer(bootstrap, topic, options)
    try:
        for line in producing.stdout:  # one every five seconds
            said.append(line.strip())
            averages.append(os.getloadavg()[0])
            if time.time() - began >= options.seconds:
                break
    finally:
        for process in spinning + [producing]:
            process.kill()
            process.wait()
    print(f"{time.time() - began:.0f} s; load average {min(averages):.1f} to {max(averages):.1f}, median {statistics.median(averages):.1f}")
    print(f"the producer said {len(said)} times how it went, at last: {said[-1]}")
    fine = time.time() - began >= options.seconds
    for n, mark in zip(nodes, marks):
        n.mark = mark
        called, removed = n.text().count("as UNREACHABLE"), n.text().count("is no member")
        fine &= called + removed == 0
        print(f"node {n.id}: {called} times called another unreachable, {removed} removed")
    return fine


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=1800)
    options.add_argument("--spinning", type=int, default=2 * os.cpu_count(), help="processes that only use CPU")
    options.add_argument("--throughput", type=int, default=20_000, help="records of 1 KiB per second; less come through if the machine can't")
    options = options.parse_args()
    peer.install()
    home = tempfile.mkdtemp(prefix="sluice-load-")
    ports = [free_port() for _ in range(3)]
    nodes = [failover.Node(home, i, ports) for i in range(3)]
    fine = False
    try:
        for n in nodes:
            n.start()
        for n in nodes:
            n.ready()
        Kafka(nodes[0].kafka, timeout=60).create(failover.TOPIC, failover.PRODUCED, 3)
        failover.settled(nodes)
        fine = loaded(nodes, options)
    finally:
        for n in nodes:
            if n.process and n.process.poll() is None:
                n.process.kill()
                n.process.wait()
        if fine:
            shutil.rmtree(home)
        else:
            print(f"what the nodes did is in {home}", file=sys.stderr)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped too
    main()
