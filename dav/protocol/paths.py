"""Paths in addresses: from what was sent to names, and back."""

import unicodedata
from urllib.parse import quote, unquote, urlsplit

from dav.protocol.refusals import Refusal
from media.sentences import english

LONGEST_NAME = 255  # characters
LONGEST_PATH = 3000
DEEPEST = 32  # folders

Segments = tuple[str, ...]


def split(path: str) -> Segments:
    """The names in a path. Raises Refusal for those that no file can have."""
    names = tuple(name for name in path.split("/") if name)
    if len(path) > LONGEST_PATH or any(len(name) > LONGEST_NAME for name in names):
        raise Refusal(414, english("A name can have at most %(most)s characters.", most=LONGEST_NAME))
    if len(names) > DEEPEST:
        raise Refusal(403, english("Folders can be at most %(most)s deep.", most=DEEPEST))
    if any(name in (".", "..") or any(unacceptable(char) for char in name) for name in names):
        raise Refusal(400, english("This is no name of a file."))
    return names


def unacceptable(char: str) -> bool:
    """Whether no name may have this character: control characters, and halves of characters."""
    return unicodedata.category(char) in ("Cc", "Cs") or char in "\ufffd\ufffe\uffff"


def key(name: str) -> str:
    """What makes two names the same: how accents are encoded does not count."""
    return unicodedata.normalize("NFC", name)[:LONGEST_NAME]


def href(base: str, names: Segments, is_folder: bool) -> str:
    """The address of names below a base such as /dav."""
    path = "/".join([quote(base), *(quote(name, safe="!$'()*+,;:@~") for name in names)])
    return f"{path}/" if is_folder else path


def without_port(host: str) -> str:
    """A server's name without a port that says nothing: some programs write it, and others not."""
    return host.lower().removesuffix(":443").removesuffix(":80")


def destination(header: str | None, base: str, host: str) -> Segments:
    """The names in a header such as Destination. Raises Refusal, 502 for another server."""
    if not header:
        raise Refusal(400, english("The header Destination is missing."))
    try:
        parts = urlsplit(header)
    except ValueError as error:
        raise Refusal(400, english("The header Destination is no address.")) from error
    if parts.netloc and without_port(parts.netloc.rpartition("@")[2]) != without_port(host):
        raise Refusal(502, english("Files can only be moved within this server."))
    path = unquote(parts.path)
    if path != base and not path.startswith(f"{base}/"):
        raise Refusal(502, english("Files can only be moved within this folder."))
    return split(path.removeprefix(base))
