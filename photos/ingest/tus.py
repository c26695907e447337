"""The headers of the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
ALGORITHMS = ("sha1", "sha256")
BODY_TYPE = "application/offset+octet-stream"


class BadHeader(ValueError):
    """A header does not follow the protocol. The message is the header's name."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """The checksum that the bytes of one request should have."""

    algorithm: str
    digest: bytes


class Verifier:
    """Takes the bytes of a request and compares them with a checksum."""

    def __init__(self, expected: Checksum) -> None:
        self._expected = expected.digest
        self._hash = hashlib.new(expected.algorithm, usedforsecurity=False)

    def update(self, block: bytes | memoryview) -> None:
        self._hash.update(block)

    def matches(self) -> bool:
        return hmac.compare_digest(self._hash.digest(), self._expected)


def parse_metadata(header: str) -> dict[str, str]:
    """Parse Upload-Metadata: `name base64, flag`. Raises BadHeader."""
    metadata = {}
    for pair in header.split(",") if header.strip() else ():
        name, _, value = pair.strip().partition(" ")
        if not name or name in metadata:
            raise BadHeader("Upload-Metadata")
        metadata[name] = _decode(value.strip(), "Upload-Metadata").decode(errors="replace")
    return metadata


def parse_checksum(header: str) -> Checksum:
    """Parse Upload-Checksum: `sha1 base64`. Raises BadHeader, also for an unknown algorithm."""
    algorithm, _, digest = header.strip().partition(" ")
    if algorithm.lower() not in ALGORITHMS:
        raise BadHeader("Upload-Checksum")
    return Checksum(algorithm.lower(), _decode(digest.strip(), "Upload-Checksum"))


def parse_length(value: str | None, header: str) -> int:
    """Parse a number of bytes. Raises BadHeader."""
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 18:
        raise BadHeader(header)
    return int(value)


def _decode(value: str, header: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadHeader(header) from error
