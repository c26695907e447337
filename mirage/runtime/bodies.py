"""How gunicorn reads what programs send. `serve` names this file to gunicorn as its configuration.

Gunicorn says "100 Continue" before it asks us, and copies each byte four times. Here a program that waits for that
answer gets it when somebody reads, so one that is refused sends nothing; and a body of known length can be read from
the socket into memory that its reader has. With each read a thread also waits for its turn, which takes long while
others compute, so few reads of many bytes are what makes uploads fast.
"""

import socket
from typing import Any

from gunicorn.http.body import Body, LengthReader

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Known:
    """Reads a body of known length."""

    def __init__(self, unreader: Any, length: int) -> None:
        self.unreader, self.length = unreader, length

    def read(self, size: int) -> bytes:
        """As many bytes as asked for, fewer only at the end or if the program has gone."""
        whole = bytearray(min(size, self.length))
        return bytes(whole[: self.readinto(memoryview(whole))])

    def readinto(self, room: memoryview) -> int:
        """Fill the room, less only at the end or if the program has gone. Returns the number of bytes."""
        room = room[: self.length]
        if not room:
            return 0
        before = self.unreader.take_buffered()  # what came with the headers
        got = min(len(before), len(room))
        room[:got] = before[:got]
        self.unreader.unread(before[got:])
        got += fill(self.unreader.sock, room[got:])
        self.length = self.length - got if got == len(room) else 0
        return got


def fill(connection: socket.socket, room: memoryview) -> int:
    """Receive until there is no room left or the program has gone. Returns how many bytes came."""
    got = 0
    while got < len(room) and (more := connection.recv_into(room[got:])):
        got += more
    return got


class Direct(Body):
    """A body of known length, which can also be read into memory of the caller's. Not both of one body."""

    def readinto_known(self, room: memoryview) -> int:
        try:
            return int(self.reader.readinto(room))
        except BaseException:
            self.failed = True  # the connection is not used again
            raise


class Awaited:
    """Tells a program that waits to go on, once, when its body is read."""

    def __init__(self, request: Any, reader: Any) -> None:
        self.request, self.reader, self.told = request, reader, False

    def read(self, size: int) -> bytes:
        self.go_on()
        return bytes(self.reader.read(size))

    def readinto(self, room: memoryview) -> int:
        self.go_on()
        return int(self.reader.readinto(room))

    def go_on(self) -> None:
        if not self.told:
            self.told = True
            self.request.must_close = False
            self.request.unreader.sock.sendall(CONTINUE)


def pre_request(_worker: Any, request: Any) -> None:
    """Called by gunicorn before each request."""
    if type(request.body.reader) is LengthReader:
        request.body = Direct(Known(request.unreader, request.body.reader.length))
    if request._expected_100_continue:
        request._expected_100_continue = False
        request.must_close = True  # unless it is read, nobody knows whether the body still comes
        request.body.reader = Awaited(request, request.body.reader)
