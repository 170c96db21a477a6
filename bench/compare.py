#!/usr/bin/env python3
"""Measures Sluice beside Apache Kafka on this machine, in one run, and prints the ratios.

  bench/compare.py                       everything, flush = os, three warm rounds
  bench/compare.py --flush commit --only produce_100b,produce_1k,produce_10k
  bench/compare.py --only start,partitions
  bench/compare.py --nodes 3             three nodes on each side, replication factor 3

Both sides run on 127.0.0.1 with their own start settings and fresh data, and take turns (A B, B A, ...). First comes one cold pass, then
warm-ups, then the rounds; medians are of the rounds. cpu_s, the CPU seconds that the server used for the same work, is the figure that
noise spares most. Needs: a JDK, Maven, python3; the peer comes from Maven Central on first use.
"""
import argparse, json, mmap, os, re, shutil, signal, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(HERE, "peer"))
import peer  # noqa: E402
from wire import Kafka, free_port  # noqa: E402

# what ratio Sluice / Kafka each figure is meant to reach, by workload: the bars of docs/performance.md
BARS = {
    "os": {"produce_100b": {"records_s": ">=1.3", "cpu_s": "<=0.5"}, "produce_1k": {"records_s": ">=1.2", "cpu_s": "<=0.7"},
           "produce_10k": {"records_s": ">=1.2", "cpu_s": "<=0.7"}, "consume_1k": {"mb_s": ">=1.0", "cpu_s": "<=1.0"},
           "latency_5000rps": {"p99_ms": "<=1.0", "rss_mb": "<=0.4"}, "start": {"first_metadata_s": "<=0.5"},
           "partitions": {"create_s": "<=0.3"}},
    "commit": {w: {"records_s": ">=1.0"} for w in ("produce_100b", "produce_1k", "produce_10k")},
}
BARS_OF_A_CLUSTER = {
    "os": {"produce_100b": {"records_s": ">=1.5", "cpu_s": "<=0.5"}, "produce_1k": {"records_s": ">=1.5", "cpu_s": "<=0.5"},
           "latency_5000rps": {"p99_ms": "<=0.5", "rss_mb": "<=0.6"}, "end_to_end": {"p99_ms": "<=0.5"}, "idle": {"cpu_s": "<=1.0"}},
    "commit": {w: {"records_s": ">=1.0"} for w in ("produce_100b", "produce_1k")},
}
BROKER_WORK = ["idle", "produce_100b", "produce_1k", "produce_10k", "produce_1k_lz4", "consume_1k", "latency_5000rps", "end_to_end"]
IDLE_S = 30
ALL = ["start", "partitions"] + BROKER_WORK


def touch_memory():
    """Touches free memory once: on a virtual machine the first use of a page costs far more than the work itself, and whoever runs first pays."""
    free_kb = int(re.search(r"MemAvailable:\s+(\d+)", open("/proc/meminfo").read()).group(1))
    size = max(0, free_kb * 1024 - (3 << 30))
    with mmap.mmap(-1, size) as m:
        for at in range(0, size, 4096):
            m[at] = 1


# ---- the two servers

def start_sluice(flush, port, data, cluster="127.0.0.1:0", seeds=()):
    log = open(os.path.join(data, "out.log"), "ab")
    process = subprocess.Popen(
        [os.path.join(ROOT, "bin", "sluice"), "start", "--data", os.path.join(data, "data"), "--listen", f"127.0.0.1:{port}",
         "--cluster", cluster, *(option for seed in seeds for option in ("--seed", seed)),
         "--set", f"sluice.log.flush={flush}", "--set", "group.initial.rebalance.delay.ms=0"],
        stdout=log, stderr=subprocess.STDOUT, cwd=data, start_new_session=True)
    return process


def start_kafka(port, data):
    """One node, formatted before, with the heap and collector settings of Kafka's own start script."""
    log = open(os.path.join(data, "out.log"), "ab")
    return subprocess.Popen(
        ["java", "-Xmx1G", "-Xms1G", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
         "-XX:+ExplicitGCInvokesConcurrent", f"-Dlog4j2.configurationFile={HERE}/peer/log4j2.xml", "-cp", f"{peer.LIB}/*",
         "kafka.Kafka", os.path.join(data, "server.properties")], stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def format_kafka(ports, dirs):
    cluster = peer.java("kafka.tools.StorageTool", "random-uuid").strip().splitlines()[-1]
    disks = [peer.java("kafka.tools.StorageTool", "random-uuid").strip().splitlines()[-1] for _ in ports]
    voters = ",".join(f"{i + 1}@127.0.0.1:{port + 1}:{disks[i]}" for i, port in enumerate(ports))
    controllers = ",".join(f"127.0.0.1:{port + 1}" for port in ports)
    factor = min(3, len(ports))
    for i, (port, data) in enumerate(zip(ports, dirs)):
        with open(os.path.join(data, "server.properties"), "w") as f:
            f.write(f"""process.roles=broker,controller
node.id={i + 1}
controller.quorum.bootstrap.servers={controllers}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}/data
offsets.topic.replication.factor={factor}
transaction.state.log.replication.factor={factor}
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor={factor}
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
""")
        peer.java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", f"{data}/server.properties", "--initial-controllers",
                  voters)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# ---- what is measured

def until_metadata(port, process, began, brokers=1):
    client = Kafka(f"127.0.0.1:{port}")
    while time.time() - began < 120:
        if process.poll() is not None:
            raise SystemExit("the server stopped at its start; see its out.log")
        try:
            if len(client.metadata([]).nodes) >= brokers:
                client.close()
                return time.time() - began
        except OSError:
            pass
        time.sleep(0.005)
    raise SystemExit("no answer to Metadata in two minutes")


def measure_start(side, flush):
    data = tempfile.mkdtemp(prefix=f"sluice-bench-{side}-")
    port = free_port(following=1)  # Kafka's controller takes the next
    if side == "kafka":
        format_kafka([port], [data])
    began = time.time()
    process = start_kafka(port, data) if side == "kafka" else start_sluice(flush, port, data)
    try:
        seconds = until_metadata(port, process, began)
        return {"first_metadata_s": round(seconds, 2), "cpu_s": peer.cpu([process.pid])}
    finally:
        stop(process)
        shutil.rmtree(data, ignore_errors=True)


def measure_idle(pids):
    before = peer.cpu(pids)
    time.sleep(IDLE_S)
    return {"cpu_s": round(peer.cpu(pids) - before, 2)}


def measure_partitions(port, pids, factor, n):
    """A topic of n partitions is created, until Metadata shows a leader for each."""
    client, topic = Kafka(f"127.0.0.1:{port}", timeout=90), f"p-{time.time_ns()}"
    before, began = peer.cpu(pids), time.time()
    client.create(topic, n, factor)
    answered = time.time() - began
    while sum(leader >= 0 for leader in client.metadata([topic]).leaders[topic].values()) < n:
        if time.time() - began > 90:
            raise SystemExit("partitions without a leader after 90 s")
        time.sleep(0.025)
    created = time.time() - began
    client.close()
    return {"create_s": round(created, 3), "answered_s": round(answered, 3), "cpu_s": round(peer.cpu(pids) - before, 2)}


# ---- the run

def verdict(bar, ratio):
    if bar is None:
        return ""
    met = ratio >= float(bar[2:]) if bar.startswith(">=") else ratio <= float(bar[2:])
    return f"{bar} {'met' if met else 'MISSED'}"


def report(work, rows, cold, args, out):
    flush = args.flush
    bars = (BARS if args.nodes == 1 else BARS_OF_A_CLUSTER)[flush]
    head = f"{work} ({args.nodes} node(s), flush={flush}, median of {len(rows['sluice'])})"
    print(f"\n{head:<46}{'sluice':>11}{'kafka':>11}{'ratio':>8}  {'bar':<14}cold sluice / kafka", flush=True)
    for key in rows["sluice"][0]:
        s, k = (statistics.median(r[key] for r in rows[side]) for side in ("sluice", "kafka"))
        ratio = s / k if k else float("nan")
        bar = bars.get(work, {}).get(key)
        colds = f"{cold['sluice'][key]} / {cold['kafka'][key]}" if cold else ""
        print(f"  {key:<44}{s:>11.2f}{k:>11.2f}{ratio:>8.2f}  {verdict(bar, ratio):<14}{colds}", flush=True)
        out.append({"work": work, "flush": flush, "figure": key, "sluice": s, "kafka": k, "ratio": round(ratio, 3), "bar": bar,
                    "rounds": [[r[key] for r in rows[side]] for side in ("sluice", "kafka")]})


def run(args):
    peer.install()
    subprocess.run([os.path.join(ROOT, "bin", "sluice"), "--version"], check=True)  # builds if need be
    wanted = args.only.split(",")
    out = []
    if not args.no_touch:
        print("touching free memory once ...", flush=True)
        touch_memory()
    if "start" in wanted:
        rows = {"sluice": [], "kafka": []}
        measure_start("sluice", args.flush), measure_start("kafka", args.flush)  # files into the page cache
        for k in range(args.rounds):
            for side in (("sluice", "kafka") if k % 2 == 0 else ("kafka", "sluice")):
                rows[side].append(measure_start(side, args.flush))
        report("start", rows, None, args, out)
    rest = [w for w in wanted if w != "start"]
    if rest:
        run_on_servers(args, rest, out)
    if args.json:
        with open(args.json, "w") as f:
            json.dump(out, f, indent=1)
    missed = [f"{o['work']}.{o['figure']}" for o in out if o["bar"] and "MISSED" in verdict(o["bar"], o["ratio"])]
    print("\nbars missed: " + (", ".join(missed) or "none"))


def run_on_servers(args, wanted, out):
    sides, factor = ("sluice", "kafka"), min(3, args.nodes)
    dirs = {side: [tempfile.mkdtemp(prefix=f"sluice-bench-{side}-") for _ in range(args.nodes)] for side in sides}
    ports = {side: [free_port(following=1) for _ in range(args.nodes)] for side in sides}
    format_kafka(ports["kafka"], dirs["kafka"])
    seeds = [f"127.0.0.1:{free_port()}" for _ in range(args.nodes)] if args.nodes > 1 else []
    began = time.time()
    servers = {"kafka": [start_kafka(port, data) for port, data in zip(ports["kafka"], dirs["kafka"])],
               "sluice": [start_sluice(args.flush, port, data, seeds[i] if seeds else "127.0.0.1:0", seeds)
                          for i, (port, data) in enumerate(zip(ports["sluice"], dirs["sluice"]))]}
    pids = {side: [process.pid for process in servers[side]] for side in sides}
    bootstrap = {side: ",".join(f"127.0.0.1:{port}" for port in ports[side]) for side in sides}
    try:
        for side in sides:
            for port, process in zip(ports[side], servers[side]):
                until_metadata(port, process, began, args.nodes)

        def once(side, work):
            if work == "idle":
                return measure_idle(pids[side])
            if work == "partitions":
                return measure_partitions(ports[side][0], pids[side], factor, args.partitions)
            return peer.run_one(work, bootstrap[side], pids[side], factor)

        cold = {w: {side: once(side, w) for side in sides} for w in wanted if w != "idle"}
        for k in range(args.warmup):
            for side in (sides if k % 2 == 0 else sides[::-1]):
                t = peer.topic(bootstrap[side], factor)
                peer.produce(bootstrap[side], t, 2_000_000, 100)
                peer.produce(bootstrap[side], t, 300_000, 1024)
                peer.consume(bootstrap[side], t, 600_000)
        for work in wanted:
            rows = {side: [] for side in sides}
            for k in range(args.rounds):
                for side in (sides if k % 2 == 0 else sides[::-1]):
                    rows[side].append(once(side, work))
            report(work, rows, cold.get(work), args, out)
    finally:
        for process in servers["sluice"] + servers["kafka"]:
            stop(process)
        for d in dirs["sluice"] + dirs["kafka"]:
            shutil.rmtree(d, ignore_errors=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--flush", choices=["os", "commit"], default="os")
    ap.add_argument("--nodes", type=int, default=1, help="nodes on each side; topics get as many replicas, at most 3")
    ap.add_argument("--partitions", type=int, default=1000, help="how many the workload of that name creates")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--warmup", type=int, default=2, help="uncounted passes before the rounds")
    ap.add_argument("--only", default=",".join(ALL), help="some of: " + " ".join(ALL))
    ap.add_argument("--no-touch", action="store_true", help="do not touch free memory first")
    ap.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    args = ap.parse_args()
    unknown = set(args.only.split(",")) - set(ALL)
    if unknown:
        raise SystemExit(f"no such workload: {', '.join(sorted(unknown))}; there are: {' '.join(ALL)}")
    if args.nodes > 1 and "start" in args.only.split(","):
        args.only = ",".join(w for w in args.only.split(",") if w != "start")  # that is a figure of one node
    run(args)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped too
    main()
