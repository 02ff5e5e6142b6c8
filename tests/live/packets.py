"""A name server made of one function: the bytes of a question in, any number of packets out.

For what scripted.py cannot do: several packets for one question, packets that are no answer, and
looking at who asks.
"""

import os
import socket
import struct
import threading


class Server:
    """Serves UDP and TCP on a loopback port from threads that end with the test.

    `handler(packet, over_tcp, peer)` gives the packets to send; over TCP each gets its length in
    front, and a packet that is None closes the connection at that point.
    """

    def __init__(self, handler, address="127.0.0.1", port=5399):
        self.handler = handler
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.udp.bind((address, port))
        self.tcp = socket.create_server((address, port))
        for loop in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=loop, daemon=True).start()

    def stop(self):
        for part in (self.udp, self.tcp):
            try:
                part.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits
            except OSError:
                pass
            part.close()

    def serve_udp(self):
        while True:
            try:
                packet, peer = self.udp.recvfrom(65535)
                if not packet:
                    return  # woken by stop()
                for answer in self.handler(packet, False, peer):
                    self.udp.sendto(answer, peer)
            except OSError:
                return

    def serve_tcp(self):
        while True:
            try:
                connection, peer = self.tcp.accept()
            except OSError:
                return
            threading.Thread(
                target=self.serve_connection, args=(connection, peer), daemon=True
            ).start()

    def serve_connection(self, connection, peer):
        with connection:
            connection.settimeout(30)
            try:
                while True:
                    (length,) = struct.unpack("!H", receive(connection, 2))
                    for answer in self.handler(receive(connection, length), True, peer):
                        if answer is None:
                            return
                        connection.sendall(struct.pack("!H", len(answer)) + answer)
            except (OSError, EOFError):
                pass


def handler_of(world):
    """A handler that answers as a scripted.World does."""

    def handle(packet, over_tcp, _):
        reply = world.reply(packet, over_tcp)
        return [] if reply is None and not over_tcp else [reply]

    return handle


def receive(connection, length):
    """Exactly `length` bytes."""
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def owner_of_port(port, pids):
    """Which of the processes has the UDP port `port` open; None when no one has."""
    inodes = set()
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        with open(table, encoding="ascii") as rows:
            for row in list(rows)[1:]:
                fields = row.split()
                if int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for pid in pids:
        folder = f"/proc/{pid}/fd"
        try:
            if any(os.readlink(f"{folder}/{fd}") in inodes for fd in os.listdir(folder)):
                return pid
        except OSError:
            continue  # it ended, or a descriptor did
    return None
