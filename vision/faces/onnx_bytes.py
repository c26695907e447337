"""The fields of ONNX files, which are protobuf messages, read and written without protobuf."""

from collections.abc import Iterator


def fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The fields of a protobuf message: number, all bytes, and the bytes of the content if it has a length."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        body = b""
        match key & 7:
            case 0:
                _, at = _varint(message, at)
            case 2:
                size, at = _varint(message, at)
                body = message[at : at + size]
                at += size
            case kind:
                at += 8 if kind == 1 else 4
        yield key >> 3, message[start:at], body


def field(number: int, body: bytes) -> bytes:
    """A field whose content has a length."""
    return as_varint(number << 3 | 2) + as_varint(len(body)) + body


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that begins here, and the position after it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def as_varint(value: int) -> bytes:
    """A number, seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
