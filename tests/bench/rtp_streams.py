# How many G.711 streams a bundle sends without fault: its calls are played by run.sh on loopback, every RTP packet is captured there, and each stream is
# judged by itself. Streams are told apart by addresses, ports and SSRC. Clean: no packet missing by its sequence numbers, no packet dropped by the capture,
# two streams a call, and no stream's jitter above 5 ms (ours). On loopback a packet is captured as it is sent, so that jitter
# (RFC 3550 section A.8) is the generator's own. Usage: python3 tests/bench/rtp_streams.py TRUNKLAB [STREAMS]. Needs sipp, dumpcap (wireshark-common).
import collections
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

FEWER = [400, 300, 200, 100, 50]
ARRIVALS_S = 10
TALK_S = 20
RATE_HZ = 8000
WORST_JITTER_MS = 5
SCENARIO = """
service: sinch
horizon: {{ start: 2026-03-02T08:00:00Z, duration: {arrivals}s }}
warmup: 0s
seed: 1
sites: {{ stockholm: {{ routing: {{ target: addresses, regions: [euc1] }} }} }}
demand:
  retail:
    arrivals: {{ process: poisson, rate: {rate:g}/s }}
    holding: {{ distribution: fixed, value: {talk}s }}
    ring_time: 100ms
    codecs: [G.711a]
"""


def packets(file):
    """Time, addresses and ports, RTP header of each UDP packet of a pcap file, Ethernet framed."""
    with open(file, "rb") as stream:
        tick = {0xA1B2C3D4: 1e-6, 0xA1B23C4D: 1e-9}[struct.unpack("<I", stream.read(24)[:4])[0]]
        while record := stream.read(16):
            seconds, ticks, length, _ = struct.unpack("<IIII", record)
            frame = stream.read(length)
            at = 14 + (frame[14] & 15) * 4
            if length < at + 20:
                continue
            yield seconds + ticks * tick, frame[26:34] + frame[at:at + 4], struct.unpack(">BBHII", frame[at + 8:at + 20])


class Stream:
    def __init__(self):
        self.sequence, self.times, self.jitter, self.transit = [], [], 0.0, None

    def add(self, time, sequence, timestamp):
        self.sequence.append(sequence)
        self.times.append(time)
        transit = time * RATE_HZ - timestamp
        if self.transit is not None:
            self.jitter += (abs(transit - self.transit) - self.jitter) / 16
        self.transit = transit

    def lost(self):
        """Expected less received (RFC 3550 section A.3)."""
        cycles, last, highest = 0, self.sequence[0], self.sequence[0]
        for each in self.sequence[1:]:
            cycles += each < last and last - each > 32768
            highest = max(highest, each + 65536 * cycles)
            last = each
        return highest - self.sequence[0] + 1 - len(self.sequence)


def at_share(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def play(trunklab, streams):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        (folder / "case.yaml").write_text(SCENARIO.format(arrivals=ARRIVALS_S, talk=TALK_S, rate=1.05 * streams / ARRIVALS_S))
        subprocess.run([trunklab, "generate", "case.yaml", "-o", "bundle"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        callers = sum(line.startswith("caller ") for line in (folder / "bundle/shards.txt").read_text().splitlines())
        capture = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-P", "-B", "256", "-s", "64", "-a", "duration:120", "-f", "udp and udp[8] == 0x80",
                                    "-w", folder / "lo.pcap"], stderr=subprocess.PIPE, text=True)
        try:
            played = subprocess.run([folder / "bundle/run.sh"], capture_output=True, text=True)
        finally:
            capture.terminate()
            words = capture.communicate()[1]
        calls = int(re.search(r"calls: (\d+), not seen: 0, seen twice: 0, ended otherwise: 0,", played.stdout)[1])
        return judge(folder / "lo.pcap", calls, callers, int(re.search(r"received/dropped on interface .*: \d+/(\d+)", words)[1]))


def judge(file, wanted, callers, dropped):
    found = collections.defaultdict(Stream)
    for time, address, (_, kind, sequence, timestamp, ssrc) in packets(file):
        if kind & 127 == 8:
            found[address + struct.pack(">I", ssrc)].add(time, sequence, timestamp)
    streams = list(found.values())
    gaps = [(b - a) * 1e3 for each in streams for a, b in zip(each.times, each.times[1:])]
    odd = sum(not 10 <= gap <= 30 for gap in gaps) / max(1, len(gaps))
    lost = sum(each.lost() for each in streams)
    jitter = [each.jitter / RATE_HZ * 1e3 for each in streams]
    ssrcs = len({key[12:] for key in found})
    print(f"{wanted} calls of {callers} SIPp processes: {len(streams)} streams ({ssrcs} SSRCs, {len({key[:4] + key[8:10] for key in found})} sources' addresses and ports), "
          f"{sum(len(each.times) for each in streams)} packets, {lost} lost, {dropped} dropped by the capture")
    print(f"  gaps between packets: median {at_share(gaps, 0.5):.2f} ms, 99 % {at_share(gaps, 0.99):.2f} ms, largest {max(gaps, default=0):.1f} ms, "
          f"{odd:.2%} outside of 10 .. 30 ms; jitter: median {at_share(jitter, 0.5):.2f} ms, worst stream {max(jitter, default=0):.2f} ms")
    return len(streams) == 2 * wanted and lost == 0 and dropped == 0 and max(jitter, default=0) <= WORST_JITTER_MS  # both sides of a call send


def main():
    trunklab = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    for streams in [wanted] + [fewer for fewer in FEWER if fewer < wanted]:
        if play(trunklab, streams):
            print(f"clean at {streams} calls")
            return
        print(f"not clean at {streams} calls")


if __name__ == "__main__":
    main()
