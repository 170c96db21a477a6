#!/usr/bin/env python3
"""What the group coordinators of Sluice and of Apache Kafka take for the same, side by side on 127.0.0.1, one node each.

  bench/groups.py                         everything, three rounds in turns, medians
  bench/groups.py --only commits --rounds 5

  join       5 groups of 500 members each, all at once: until each member has its share (classic protocol, group.initial.rebalance.delay.ms=0)
  join_848   the same by the protocol of KIP-848, with a partition for each member
  leave      one of ten members leaves, of which each has a heartbeat all 20 ms: until the others have their new shares
  leave_848  the same by the protocol of KIP-848
  commits    offsets committed by 20 connections in 5 groups, 5 requests under way on each: per second, and CPU seconds for 100,000

The members are made of requests written by hand, in one process of Python, so that no client's timers are measured.
"""
import argparse, asyncio, json, os, shutil, signal, statistics, struct, subprocess, sys, tempfile, time, uuid

import compare
import peer
from wire import Kafka, free_port, text

COMMIT, FIND_COORDINATOR, JOIN, HEARTBEAT, LEAVE, SYNC, CONSUMER_HEARTBEAT = 8, 10, 11, 12, 13, 14, 68
REBALANCE_IN_PROGRESS, MEMBER_ID_REQUIRED = 27, 79
RETRIABLE = (14, 15, 16)  # the coordinator loads, is not there yet, is elsewhere
GROUPS, MEMBERS, FEW = 5, 500, 10
PAUSE_S, LIMIT_S = 0.02, 120
FIGURES = {"join": ["seconds", "cpu_s"], "join_848": ["seconds", "cpu_s"], "leave": ["ms"], "leave_848": ["ms"], "commits": ["per_s", "cpu_s"]}


def data(value):
    return struct.pack(">i", len(value)) + value


def compact(value):
    return bytes([len(value) + 1]) + value.encode()  # none here is longer than 126 bytes


class Connection:
    """One client's connection; several requests may be under way, answered in order."""

    @classmethod
    async def open(cls, port):
        self = cls()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        return self

    def send(self, key, version, body, flexible=False):
        head = struct.pack(">hhih", key, version, 1, -1) + (b"\0" if flexible else b"")
        self.writer.write(struct.pack(">i", len(head) + len(body)) + head + body)

    async def answer(self):
        size = struct.unpack(">i", await self.reader.readexactly(4))[0]
        return (await self.reader.readexactly(size))[4:]

    async def ask(self, *request, **how):
        self.send(*request, **how)
        return await asyncio.wait_for(self.answer(), LIMIT_S)


class Classic:
    """A member of the classic protocol, as an eager client behaves; the leader gives everybody one byte."""

    def __init__(self, connection, group):
        self.connection, self.group, self.id, self.generation, self.has = connection, group, "", -1, False

    async def join(self):
        """Until it has a share in a generation that all have joined."""
        while not self.has:
            answer = await self.connection.ask(JOIN, 5, text(self.group) + struct.pack(">ii", 30_000, 60_000) + text(self.id)
                                               + struct.pack(">h", -1) + text("consumer") + struct.pack(">i", 1) + text("range") + data(b""))
            error, self.generation = struct.unpack_from(">hi", answer, 4)
            at = 10
            protocol, at = take(answer, at)
            leader, at = take(answer, at)
            self.id, at = take(answer, at)
            if error in RETRIABLE:
                await asyncio.sleep(PAUSE_S)
            if error:
                continue
            shares = b""
            if leader == self.id:
                count = struct.unpack_from(">i", answer, at)[0]
                at += 4
                for _ in range(count):
                    member, at = take(answer, at)
                    at += 2 + 4 + struct.unpack_from(">i", answer, at + 2)[0]  # no instance id; metadata
                    shares += text(member) + data(b"1")
                shares = struct.pack(">i", count) + shares
            answer = await self.connection.ask(SYNC, 3, text(self.group) + struct.pack(">i", self.generation) + text(self.id)
                                               + struct.pack(">h", -1) + (shares or struct.pack(">i", 0)))
            error = struct.unpack_from(">h", answer, 4)[0]
            self.has = error == 0

    async def beat(self):
        """One heartbeat; joins again if it must."""
        answer = await self.connection.ask(HEARTBEAT, 3, text(self.group) + struct.pack(">i", self.generation) + text(self.id)
                                           + struct.pack(">h", -1))
        if struct.unpack_from(">h", answer, 4)[0]:
            self.has = False
            await self.join()

    async def leave(self):
        await self.connection.ask(LEAVE, 3, text(self.group) + struct.pack(">i", 1) + text(self.id) + struct.pack(">h", -1))


class Consumer:
    """A member of the protocol of KIP-848; it takes what it is given and gives up what it must at once."""

    def __init__(self, connection, group, topic):
        self.connection, self.group, self.topic = connection, group, topic
        self.id, self.epoch, self.owned, self.has = str(uuid.uuid4()), 0, [], 0

    async def join(self):
        await self.beat()

    async def beat(self):
        first = self.epoch == 0
        topics = b"\0" if first else self.owned_field()
        answer = await self.connection.ask(
            CONSUMER_HEARTBEAT, 0, compact(self.group) + compact(self.id) + struct.pack(">i", self.epoch) + b"\0\0"
            + struct.pack(">i", 60_000 if first else -1) + (b"\2" + compact(self.topic) if first else b"\0") + b"\0"
            + (b"\1" if first else topics) + b"\0", flexible=True)
        error = struct.unpack_from(">h", answer, 5)[0]
        if error in RETRIABLE:
            await asyncio.sleep(PAUSE_S)
            return
        at = 7 + compact_size(answer, 7)
        at += compact_size(answer, at)
        if error:
            raise SystemExit(f"ConsumerGroupHeartbeat: error {error}")
        self.epoch = struct.unpack_from(">i", answer, at)[0]
        at += 8
        if answer[at:at + 1] == b"\1" and len(answer) > at + 2:
            self.take(answer, at + 1)

    def take(self, answer, at):
        topics, at = varint(answer, at)
        self.owned = []
        for _ in range(topics - 1):
            topic, at = answer[at:at + 16], at + 16
            count, at = varint(answer, at)
            partitions = struct.unpack_from(f">{count - 1}i", answer, at)
            at += 4 * (count - 1) + 1
            self.owned.append((topic, partitions))
        self.has = sum(len(partitions) for _, partitions in self.owned)

    def owned_field(self):
        field = unsigned(len(self.owned) + 1)
        for topic, partitions in self.owned:
            field += topic + unsigned(len(partitions) + 1) + struct.pack(f">{len(partitions)}i", *partitions) + b"\0"
        return field

    async def leave(self):
        self.epoch = -1
        await self.connection.ask(CONSUMER_HEARTBEAT, 0, compact(self.group) + compact(self.id) + struct.pack(">i", -1) + b"\0\0"
                                  + struct.pack(">i", -1) + b"\0\0\0\0", flexible=True)


def take(answer, at):
    size = struct.unpack_from(">h", answer, at)[0]
    return answer[at + 2:at + 2 + max(0, size)].decode(), at + 2 + max(0, size)


def varint(answer, at):
    value = shift = 0
    while True:
        byte = answer[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def unsigned(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def compact_size(answer, at):
    """Bytes of a compact string."""
    size, after = varint(answer, at)
    return after - at + max(0, size - 1)


# ---- what is measured

async def joined(port, pid):
    members = [Classic(await Connection.open(port), group) for group in await found(port) for _ in range(MEMBERS)]
    by_group = {}
    for member in members:
        by_group.setdefault(member.group, []).append(member)
    # until all are in their group's last generation
    return await until_shared(members, pid, lambda: all(len({m.generation for m in each}) == 1 and all(m.has for m in each)
                                                        for each in by_group.values()))


async def joined_848(port, pid, topic):
    members = [Consumer(await Connection.open(port), group, topic) for group in await found(port) for _ in range(MEMBERS)]
    return await until_shared(members, pid, lambda: all(member.has == 1 for member in members))


async def until_shared(members, pid, shared):
    """All at once; a member that has joined sends heartbeats, so that it takes part when others come. Until everybody has what is its."""
    done, before, began = False, peer.cpu([pid]), time.time()

    async def live(member):
        await member.join()
        while not done:
            await asyncio.sleep(0.25)
            await member.beat()
    tasks = [asyncio.create_task(live(member)) for member in members]
    while not shared():
        await check(tasks, began)
    figures = {"seconds": round(time.time() - began, 2), "cpu_s": round(peer.cpu([pid]) - before, 2)}
    done = True
    await asyncio.gather(*tasks)
    await close(members)
    return figures


async def check(tasks, began):
    for task in tasks:
        if task.done():
            task.result()
    if time.time() - began > LIMIT_S:
        raise SystemExit(f"not within {LIMIT_S} s")
    await asyncio.sleep(0.01)


async def left(port, make, partitions):
    """A member of ten leaves in good order: until the other nine have what was its."""
    group = (await found(port))[0]
    members = [make(await Connection.open(port), group) for _ in range(FEW)]
    began, tasks, stopped = time.time(), {}, set()

    async def live(member):
        await member.join()
        while member not in stopped:
            await asyncio.sleep(PAUSE_S)
            await member.beat()
    for member in members:
        tasks[member] = asyncio.create_task(live(member))

    def stable(those):
        if partitions:
            return sum(m.has for m in those) == partitions
        return all(m.has for m in those) and len({m.generation for m in those}) == 1
    while not stable(members):
        await check(tasks.values(), began)
    await asyncio.sleep(1)
    leaving, others = members[-1], members[:-1]
    stopped.add(leaving)
    await tasks[leaving]
    generation = others[0].generation if not partitions else None
    began = time.time()
    await leaving.leave()
    while not (stable(others) and (partitions or others[0].generation > generation)):
        await check([tasks[m] for m in others], began)
        await asyncio.sleep(0)
    figures = {"ms": round(1000 * (time.time() - began))}
    stopped.update(others)
    await asyncio.gather(*(tasks[m] for m in others))
    await close(members)
    return figures


async def committed(port, pid, topic, seconds=8):
    names, connections = await found(port), [await Connection.open(port) for _ in range(20)]
    end, count = time.time() + seconds, 0
    before = peer.cpu([pid])

    async def commit(connection, group, partition):
        nonlocal count
        offset = 0

        def send():
            nonlocal offset
            offset += 1
            connection.send(COMMIT, 7, text(group) + struct.pack(">i", -1) + text("") + struct.pack(">h", -1) + struct.pack(">i", 1) + text(topic)
                            + struct.pack(">iiqi", 1, partition, offset, -1) + text(""))
        for _ in range(5):
            send()
        waiting = 5
        while waiting:
            answer = await asyncio.wait_for(connection.answer(), LIMIT_S)
            waiting -= 1
            error = struct.unpack_from(">h", answer, len(answer) - 2)[0]
            if error and error not in RETRIABLE:
                raise SystemExit(f"OffsetCommit: error {error}")
            count += error == 0
            if time.time() < end:
                send()
                waiting += 1
    began = time.time()
    await asyncio.gather(*(commit(c, names[i % GROUPS], i) for i, c in enumerate(connections)))
    took = time.time() - began
    for connection in connections:
        connection.writer.close()
    return {"per_s": round(count / took), "cpu_s": round((peer.cpu([pid]) - before) * 100_000 / count, 2)}


async def found(port):
    """Names of groups whose coordinators are up; the first one asked for makes the topic of offsets."""
    names, connection, began = groups(), await Connection.open(port), time.time()
    for name in names:
        while struct.unpack_from(">h", await connection.ask(FIND_COORDINATOR, 2, text(name) + b"\0"), 4)[0]:
            await check((), began)
    connection.writer.close()
    return names


def groups():
    return [f"g-{uuid.uuid4().hex[:12]}" for _ in range(GROUPS)]


async def close(members):
    for member in members:
        member.connection.writer.close()
    await asyncio.sleep(0.2)


def once(work, port, pid):
    def topic(partitions):
        name, client = f"t-{uuid.uuid4().hex[:8]}", Kafka(f"127.0.0.1:{port}", timeout=60)
        client.create(name, partitions, 1)
        while sum(leader >= 0 for leader in client.metadata([name]).leaders.get(name, {}).values()) < partitions:
            time.sleep(0.05)
        client.close()
        return name
    if work == "join":
        return asyncio.run(joined(port, pid))
    if work == "join_848":
        return asyncio.run(joined_848(port, pid, topic(MEMBERS)))
    if work == "leave":
        return asyncio.run(left(port, Classic, 0))
    if work == "leave_848":
        name = topic(30)
        return asyncio.run(left(port, lambda connection, group: Consumer(connection, group, name), 30))
    return asyncio.run(committed(port, pid, topic(20)))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default=",".join(FIGURES), help="some of: " + " ".join(FIGURES))
    options.add_argument("--flush", choices=["os", "commit"], default="os")
    options.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    options = options.parse_args()
    peer.install()
    subprocess.run([os.path.join(compare.ROOT, "bin", "sluice"), "--version"], check=True)  # builds if need be
    dirs = {side: tempfile.mkdtemp(prefix=f"sluice-groups-{side}-") for side in ("sluice", "kafka")}
    ports = {side: free_port(following=1) for side in dirs}
    compare.format_kafka([ports["kafka"]], [dirs["kafka"]])
    with open(os.path.join(dirs["kafka"], "server.properties"), "a") as f:
        f.write("group.consumer.max.size=1000\n")
    began, out = time.time(), []
    servers = {"kafka": compare.start_kafka(ports["kafka"], dirs["kafka"]),
               "sluice": compare.start_sluice(options.flush, ports["sluice"], dirs["sluice"])}
    try:
        for side in dirs:
            compare.until_metadata(ports[side], servers[side], began)
        for work in options.only.split(","):
            rows = {side: [] for side in dirs}
            for k in range(options.rounds + 1):
                for side in (("sluice", "kafka") if k % 2 == 0 else ("kafka", "sluice")):
                    figures = once(work, ports[side], servers[side].pid)
                    if k > 0:  # the first is a warm-up
                        rows[side].append(figures)
            for key in FIGURES[work]:
                s, k = (statistics.median(row[key] for row in rows[side]) for side in ("sluice", "kafka"))
                rounds = [[row[key] for row in rows[side]] for side in ("sluice", "kafka")]
                print(f"{work:10} {key:8} sluice {s:>10} kafka {k:>10} ratio {s / k if k else float('nan'):.2f}   {rounds}", flush=True)
                out.append({"work": work, "figure": key, "sluice": s, "kafka": k, "rounds": rounds})
        if options.json:
            with open(options.json, "w") as f:
                json.dump(out, f, indent=1)
    finally:
        for process in servers.values():
            compare.stop(process)
        for d in dirs.values():
            shutil.rmtree(d, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped too
    main()
