# How many G.711 calls a bundle keeps talking without fault: run.sh plays them on loopback for half a minute each, all of them at once for twenty seconds of it.
# Usage: python3 tests/bench/rtp_streams.py TRUNKLAB [CALLS]. CALLS is 500; if that is not clean, fewer are tried. Needs sipp (sip-tester), dumpcap
# (wireshark-common), the right to capture on lo, half a gigabyte in /dev/shm and a quiet machine. Exit codes: 0 clean, 1 not, 2 something is missing.
#
# A call is two streams: caller and callee send a packet each 20 ms. SIPp 3.6.1 never reads its own RTP sockets, so both sides' SDP names the port of a sink
# of ours instead. Streams are told apart by addresses, ports and SSRC (all calls of one SIPp share its port and each has an SSRC; two SIPps share SSRCs).
# Whole: two streams a call, all at once, no packet missing by its sequence numbers (RFC 3550 section A.3) at the sink or in the capture, none dropped by the
# capture. Clean: at least 99 % of the gaps between a stream's packets, as captured, are within 10 .. 30 ms as well. On loopback a packet is captured as it is
# sent: the capture's gaps and jitter (section A.8) are the generator's own, no network's. The sink's have its own delay in reading in them as well.
# SIPp 3.6.1 goes by a clock of 4 ms steps (CLOCK_MONOTONIC_COARSE at 250 Hz) and wakes some 0.1 ms late each time; every now and then it makes that good by two
# packets at once, and the next 36 ms later. That alone is about 1 % of the gaps, at 8 calls and real-time priority: clean is hardly within SIPp's reach.
import collections
import hashlib
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

FEWER = [400, 300, 250, 200, 100, 50]
SITES = 4  # each a caller and an answerer: 8 SIPps
ARRIVALS_S = 10
TALK_S = 30
RATE_HZ = 8000
PCMA = 8
HEAD = """
service: sinch
horizon: {{ start: 2026-03-02T08:00:00Z, duration: {seconds}s }}
warmup: 0s
seed: 1
sites:
"""
SITE = "  site{site}: {{ routing: {{ target: single-address, edge: euc1/1 }} }}\n"
DEMAND = """  demand{site}:
    site: site{site}
    arrivals: {{ process: deterministic, every: {every_us}us, offset: {offset_us}us }}
    holding: {{ distribution: fixed, value: {talk}s }}
    ring_time: 100ms
    codecs: [G.711a]
"""
ARRIVED = struct.Struct("<dH12s")  # time, source port, RTP header: a line of the sink's file


def sink(file):
    """Reads RTP from a port that it prints until it is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port, open(file, "wb", buffering=1 << 20) as out:
        port.bind(("127.0.0.1", 0))
        try:
            port.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
        except PermissionError:
            port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
        print(port.getsockname()[1], flush=True)
        while True:
            packet, source = port.recvfrom(2048)
            out.write(ARRIVED.pack(time.time(), source[1], packet[:12]))


def at_sink(file):
    """Time, source port and RTP header of each packet."""
    yield from ARRIVED.iter_unpack(file.read_bytes())


def in_capture(file):
    """The same of a pcap file, Ethernet framed."""
    with open(file, "rb") as stream:
        tick = {0xA1B2C3D4: 1e-6, 0xA1B23C4D: 1e-9}[struct.unpack("<I", stream.read(24)[:4])[0]]
        while len(record := stream.read(16)) == 16:
            seconds, ticks, length, _ = struct.unpack("<IIII", record)
            frame = stream.read(length)
            if length == 54:
                yield seconds + ticks * tick, int.from_bytes(frame[34:36], "big"), frame[42:]


class Stream:
    def __init__(self):
        self.times, self.first, self.highest, self.out_of_order, self.jitter, self.transit = [], None, None, 0, 0.0, None

    def add(self, at, sequence, timestamp):
        if self.first is None:
            self.first = self.highest = sequence
        extended = self.highest + (sequence - self.highest + 0x8000) % 0x10000 - 0x8000
        self.out_of_order += extended < self.highest
        self.highest = max(self.highest, extended)
        transit = at * RATE_HZ - timestamp
        if self.transit is not None:
            self.jitter += (abs(transit - self.transit) - self.jitter) / 16
        self.transit = transit
        self.times.append(at)

    def lost(self):
        return self.highest - self.first + 1 - len(self.times)


def streams_of(packets):
    """By source port and SSRC; addresses and the destination port are the same for all."""
    found = collections.defaultdict(Stream)
    for at, source, header in packets:
        first, kind, sequence, timestamp, ssrc = struct.unpack(">BBHII", header)
        if first >> 6 == 2 and kind & 127 == PCMA:
            found[source, ssrc].add(at, sequence, timestamp)
    return found


def spread(values, unit="ms"):
    values = sorted(values) or [float("nan")]
    return f"median {values[len(values) // 2]:.2f}, 99 % {values[int(0.99 * (len(values) - 1))]:.2f}, most {values[-1]:.2f} {unit}"


def tell(words, streams, more=""):
    """Prints what arrived; returns whether nothing is lost, and the share of odd gaps."""
    lost = [each.lost() for each in streams.values()]
    gaps = [(b - a) * 1e3 for each in streams.values() for a, b in zip(each.times, each.times[1:])]
    shares = [sum(not low <= gap <= high for gap in gaps) / max(1, len(gaps)) for low, high in [(15, 25), (10, 30)]]
    print(f"  {words}: {len(streams)} streams, {sum(len(each.times) for each in streams.values())} packets, lost {sum(lost)} (of {sum(map(bool, lost))} streams), "
          f"out of order {sum(each.out_of_order for each in streams.values())}{more}")
    print(f"    gaps: {spread(gaps)}; outside of 15 .. 25 ms {shares[0]:.2%}, of 10 .. 30 ms {shares[1]:.2%}")
    print(f"    jitter of a stream: {spread([each.jitter / RATE_HZ * 1e3 for each in streams.values()])}")
    return not any(lost), shares[1]


def make_bundle(trunklab, folder, calls, port):
    sites = range(min(SITES, calls))
    every_us = round(ARRIVALS_S * 1e6 / calls)
    demands = (DEMAND.format(site=site, every_us=every_us * len(sites), offset_us=every_us * site, talk=TALK_S) for site in sites)
    (folder / "case.yaml").write_text(HEAD.format(seconds=ARRIVALS_S) + "".join(SITE.format(site=site) for site in sites) + "demand:\n" + "".join(demands))
    subprocess.run([trunklab, "generate", "case.yaml", "-o", "bundle"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    sums = folder / "bundle/SHA256SUMS"
    for file in (folder / "bundle/groups").glob("*/*er.xml"):
        text = file.read_text()
        if text.count("m=audio [media_port] ") != 1:
            sys.exit(f"{file.name} is not what this script expects: there should be one m=audio line")
        before = hashlib.sha256(text.encode()).hexdigest()
        file.write_text(text.replace("m=audio [media_port] ", f"m=audio {port} "))
        after = hashlib.sha256(file.read_bytes()).hexdigest()
        name = str(file.relative_to(folder / "bundle"))
        sums.write_text(sums.read_text().replace(f"{before}  {name}", f"{after}  {name}"))
    return folder / "bundle"


def drops_of(port):
    """Packets that the kernel dropped since the socket's buffer was full."""
    rows = [line.split() for line in pathlib.Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(int(row[-1]) for row in rows if row[1] == f"0100007F:{port:04X}")


def end(process):
    process.terminate()
    return process.communicate()


def play(trunklab, calls):
    """Whether it was whole, and whether it was clean."""
    started = []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)

        # In sessions of their own, so that Ctrl-C reaches this script alone, which ends them.
        def start(*words):
            started.append(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "TMPDIR": name}))
            return started[-1]

        try:
            reader = start(sys.executable, __file__, "--sink", folder / "sink")
            port = int(reader.stdout.readline())
            bundle = make_bundle(trunklab, folder, calls, port)
            capture = start("dumpcap", "-q", "-i", "lo", "-P", "-B", "256", "-s", "54", "-a", "duration:120", "-a", "filesize:400000",
                            "-f", f"udp dst port {port}", "-w", folder / "lo.pcap")
            time.sleep(1)
            if capture.poll() is not None:
                print(capture.communicate()[1], file=sys.stderr)
                sys.exit(2)
            run = start(bundle / "run.sh")
            said = run.communicate()[0]
            unread = drops_of(port)
            end(reader)
            dropped = re.search(r"received/dropped on interface .*: \d+/(\d+)", end(capture)[1])
        finally:
            for process in reversed(started):
                if process.poll() is None:
                    end(process)
        begun = (bundle / "shards.txt").read_text()
        processes = len(re.findall(r"^(?:caller|answerer) ", begun, re.M))
        print(f"{calls} calls, {processes} SIPps; run.sh: {'all as expected' if run.returncode == 0 else 'NOT all as expected'}")
        print("  " + "\n  ".join(line for line in said.splitlines() if "against" in line))
        sent, arrived = streams_of(in_capture(folder / "lo.pcap")), streams_of(at_sink(folder / "sink"))
    ports, ssrcs = (len({key[i] for key in sent}) for i in (0, 1))
    drops = int(dropped[1]) if dropped else -1
    print(f"  told apart by {ports} source ports times SSRCs, of which {ssrcs} differ")
    whole_sent, odd = tell("generator, as captured", sent, f", dropped by the capture {drops if dropped else 'unknown'}")
    whole, _ = tell("sink", arrived, f", dropped before it read them {unread}")
    at_once = max_at_once(sent)
    print(f"  most streams at once: {at_once}")
    whole = run.returncode == 0 and len(sent) == len(arrived) == at_once == 2 * calls and whole and whole_sent and drops == 0
    return whole, whole and odd <= 0.01


def max_at_once(streams):
    changes = sorted([(each.times[0], 1) for each in streams.values()] + [(each.times[-1], -1) for each in streams.values()])
    up = most = 0
    for _, change in changes:
        up += change
        most = max(most, up)
    return most


def main():
    if sys.argv[1:2] == ["--sink"]:
        sink(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    for tool, package in [("sipp", "sip-tester"), ("dumpcap", "wireshark-common")]:
        if not shutil.which(tool):
            print(f"there is no {tool} on this machine (Debian: apt-get install {package})", file=sys.stderr)
            sys.exit(2)
    trunklab = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    most = {"whole": 0, "clean": 0}
    for calls in [wanted] + [fewer for fewer in FEWER if fewer < wanted]:
        whole, clean = play(trunklab, calls)
        most["whole"] = max(most["whole"], calls * whole)
        most["clean"] = calls * clean
        print(f"{calls} calls, {2 * calls} streams: {'clean' if clean else 'whole but not clean' if whole else 'not whole'}", flush=True)
        if clean:
            break
    print("most calls at once: " + ", ".join(f"{word} {calls or 'none of those tried'}" for word, calls in most.items()))
    sys.exit(0 if most["clean"] == wanted else 1)


if __name__ == "__main__":
    main()
