"""Bodies of XML: read strictly, and written.

What is read comes from strangers, so it may be neither long nor deep, and nothing that XML can define or fetch is
allowed: no document type, hence no entities.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

DAV, MICROSOFT = "DAV:", "urn:schemas-microsoft-com:"
OWNCLOUD, NEXTCLOUD = "http://owncloud.org/ns", "http://nextcloud.org/ns"
PREFIXES = {DAV: "d", OWNCLOUD: "oc", NEXTCLOUD: "nc", MICROSOFT: "ms"}
PREFIXED = " ".join(f'xmlns:{prefix}="{namespace}"' for namespace, prefix in PREFIXES.items())
MOST_BYTES = 64 * 1024
DEEPEST = 24

Name = tuple[str, str]  # namespace and local name


class BadXml(ValueError):
    """The body is not XML, or more than a program of good will sends."""


@dataclass
class Element:
    """An element with its children and its text."""

    name: Name
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""
    tails: list[str] = field(default_factory=list)  # what follows each child

    def child(self, local: str, namespace: str = DAV) -> "Element | None":
        return next((child for child in self.children if child.name == (namespace, local)), None)

    def __iter__(self) -> Iterator["Element"]:
        return iter(self.children)

    def inside(self) -> str:
        """All that is in it, as XML."""
        parts = [escape(self.text)]
        for child, tail in zip(self.children, self.tails, strict=True):
            parts += [written(child), escape(tail)]
        return "".join(parts)


class Reader:
    """Builds elements from what expat finds."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ProcessingInstructionHandler = self._refuse

    def read(self, body: bytes) -> Element:
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            raise BadXml(str(error)) from error
        if self.root is None:
            raise BadXml("no element")
        return self.root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        element = Element((namespace, local), attributes)
        if len(self._open) >= DEEPEST:
            raise BadXml("too deep")
        if self._open:
            self._open[-1].children.append(element)
            self._open[-1].tails.append("")
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        within = self._open[-1]
        if within.tails:
            within.tails[-1] += text
        else:
            within.text += text

    def _refuse(self, *_: object) -> None:
        raise BadXml("only elements and text are allowed")


def read(body: bytes) -> Element:
    """The root element. Raises BadXml."""
    if len(body) > MOST_BYTES:
        raise BadXml("too long")
    return Reader().read(body)


def tag(name: Name) -> tuple[str, str]:
    """A name as it is written in a tag, and the declaration of its namespace, if it needs one."""
    namespace, local = name
    if prefix := PREFIXES.get(namespace):
        return f"{prefix}:{local}", ""
    return (f"x:{local}", f" xmlns:x={quoteattr(namespace)}") if namespace else (local, "")


def element(name: Name, inside: str = "") -> str:
    """An element, with XML in it."""
    written_name, declared = tag(name)
    if not inside:
        return f"<{written_name}{declared}/>"
    return f"<{written_name}{declared}>{inside}</{written_name}>"


def written(one: Element) -> str:
    """An element that was read, as XML again. Its attributes are left out, except the language."""
    return element(one.name, one.inside())


def text(value: object) -> str:
    """A value as text in XML, without characters that XML does not have."""
    kept = (char for char in str(value) if char in "\t\n\r" or (ord(char) >= 32 and char not in "\ufffe\uffff"))
    return escape("".join(kept))
