"""The questions on the wire of the test's own namespace, with the time each was sent.

A packet socket on loopback sees every UDP packet to port 53 at the moment it is sent. Needs
CAP_NET_RAW, which `unshare -Urn` gives.
"""

import ctypes
import socket
import struct
import threading
from dataclasses import dataclass

ETH_P_IP = 0x0800
SO_ATTACH_FILTER, SO_TIMESTAMPNS = 26, 35
SOL_PACKET, PACKET_STATISTICS = 263, 6
IP_START = 14  # behind the Ethernet header
# tcpdump -dd "ip and udp dst port 53 and not fragment", loopback
FILTER = (
    *((0x28, 0, 0, 12), (0x15, 0, 8, ETH_P_IP), (0x30, 0, 0, 23), (0x15, 0, 6, 17)),
    *((0x28, 0, 0, 20), (0x45, 4, 0, 0x1FFF), (0xB1, 0, 0, 14), (0x48, 0, 0, 16)),
    *((0x15, 0, 1, 53), (0x06, 0, 0, 512), (0x06, 0, 0, 0)),
)


@dataclass(frozen=True)
class Question:
    """One packet with a question. `name` is lower case, without its final dot."""

    time_s: float
    server: str
    port: int  # that it came from
    rdtype: int
    name: str


class Tap:
    """Listens from its start to `stop()`, which gives the questions in order of time."""

    def __init__(self, interface="lo"):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        program = b"".join(struct.pack("HBBI", *step) for step in FILTER)
        held = ctypes.create_string_buffer(program)
        self.socket.setsockopt(
            socket.SOL_SOCKET,
            SO_ATTACH_FILTER,
            struct.pack("HL", len(FILTER), ctypes.addressof(held)),
        )
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
        self.socket.bind((interface, ETH_P_IP))
        self.socket.settimeout(0.2)
        self.stopping, self.packets = False, []
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while True:
            try:
                data, ancillary, _, address = self.socket.recvmsg(512, 64)
            except TimeoutError:
                if self.stopping:
                    return
                continue
            if address[2] != socket.PACKET_OUTGOING:  # loopback brings each packet in once
                self.packets.append((ancillary[0][2], data))

    def stop(self):
        """The questions so far. Fails when the kernel had to drop some."""
        self.stopping = True
        self.thread.join(5)
        statistics = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        self.socket.close()
        _, dropped = struct.unpack("II", statistics)
        if dropped:
            raise AssertionError(f"{dropped} packets were not seen")
        return [question for packet in self.packets if (question := parse(*packet))]


def parse(stamp, frame):
    """The question of a frame, or None."""
    seconds, nanoseconds = struct.unpack("qq", stamp[:16])
    ip = frame[IP_START:]
    udp = ip[(ip[0] & 15) * 4 :]
    name, at = read_name(udp[8:], 12)
    if name is None:
        return None
    (rdtype,) = struct.unpack_from("!H", udp, 8 + at)
    return Question(
        seconds + nanoseconds / 1e9,
        socket.inet_ntoa(ip[16:20]),
        struct.unpack_from("!H", udp)[0],
        rdtype,
        name,
    )


def read_name(packet, at):
    """The uncompressed name at `at` as text, and where it ends."""
    labels = []
    while at < len(packet) and packet[at] < 64:
        length = packet[at]
        if length == 0:
            return ".".join(labels).lower(), at + 1
        labels.append(packet[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    return None, at


def most_in_window(times, window_s):
    """The largest count of `times` (ascending) in any window of that length."""
    most = first = 0
    for last, time_s in enumerate(times):
        while time_s - times[first] >= window_s:
            first += 1
        most = max(most, last - first + 1)
    return most
