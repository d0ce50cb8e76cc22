# How exactly SIPp plays a bundle: 1,000 calls a second for 30 s over loopback, judged by a capture of its packets instead of SIPp's own log.
# Usage: python3 tests/bench/replay_accuracy.py TRUNKLAB. Needs sipp (sip-tester), dumpcap (wireshark-common) and the right to capture on lo.
import collections
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

SCENARIO = """
service: sinch
horizon: { start: 2026-03-02T08:00:00Z, duration: 30s }
seed: 1
sites: { stockholm: { routing: { target: addresses, regions: [euc1] } } }
demand:
  retail:
    arrivals: { process: poisson, rate: 1000/s }
    holding: { distribution: exponential, mean: 5s }
    post_dial_delay: 100ms
    ring_time: 200ms
"""
FIRST_PORT = 45000


def packets(file):
    """Time and UDP payload of every packet of a pcap file, Ethernet framed."""
    with open(file, "rb") as stream:
        head = stream.read(24)
        tick = {0xA1B2C3D4: 1e-6, 0xA1B23C4D: 1e-9}[struct.unpack("<I", head[:4])[0]]
        while record := stream.read(16):
            seconds, ticks, length, _ = struct.unpack("<IIII", record)
            frame = stream.read(length)
            yield seconds + ticks * tick, frame[14 + (frame[14] & 15) * 4 + 8:]


def spread(words, values):
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(share * len(values)))]
    print(f"{words}: median {at(0.5):.1f} ms, |error| 99 % {sorted(map(abs, values))[int(0.99 * len(values))]:.1f} ms, "
          f"all within {values[0]:.1f} .. {values[-1]:.1f} ms")


def main():
    trunklab = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        (folder / "fast.yaml").write_text(SCENARIO)
        subprocess.run([trunklab, "generate", "fast.yaml", "-o", "bundle"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        capture = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-P", "-B", "256", "-s", "600",
                                    "-f", f"udp portrange {FIRST_PORT}-{FIRST_PORT + 99}", "-w", folder / "lo.pcap"], stderr=subprocess.PIPE, text=True)
        played = subprocess.run([folder / "bundle/run.sh", "--port", str(FIRST_PORT), "--out", folder / "out"], capture_output=True, text=True)
        capture.terminate()
        print(played.stdout, end="")
        print([line for line in capture.communicate()[1].splitlines() if "drop" in line])
        judge(folder)


def judge(folder):
    epoch = float((folder / "out/epoch").read_text())
    rows = {}
    for file in (folder / "bundle/groups/stockholm").glob("calls-*.csv"):
        for line in file.read_text().splitlines()[2:]:
            fields = line.split(";")
            rows[fields[1]] = (float(fields[0]), float(fields[9]))
    invites, talks, begun, calls_of, again = {}, {}, {}, {}, 0
    for when, text in packets(folder / "lo.pcap"):
        sip_call = re.search(rb"\r\nCall-ID: ([^\r]+)", text)
        if not sip_call:
            continue
        sip_call = sip_call[1]
        if text.startswith(b"INVITE "):
            call = re.search(rb"\r\nX-Trunklab-Call: ([^\r]+)", text)[1].decode()
            if call in invites:
                again += 1
                continue
            invites[call] = when
            calls_of[sip_call] = call
        elif text.startswith(b"SIP/2.0 200") and b" INVITE\r\n" in text:
            begun.setdefault(sip_call, when)
        elif text.startswith(b"BYE "):
            talks.setdefault(sip_call, when - begun[sip_call])
    print(f"calls in the timetable {len(rows)}, in the capture {len(set(invites) & set(rows))}, others {len(set(invites) - set(rows))}, INVITEs sent again {again}")
    spread("first INVITE against due time", [(invites[call] - epoch) * 1000 - rows[call][0] for call in invites])
    spread("200 to BYE against talk time", [span * 1000 - rows[calls_of[call]][1] for call, span in talks.items()])
    planned = collections.Counter(int(due // 1000) for due, _ in rows.values())
    seen = collections.Counter(int(when - epoch) if when >= epoch else -1 for when in invites.values())
    print("largest difference of a second's calls:", max(abs(planned[second] - seen[second]) for second in planned | seen), "of about 1000")


main()
