"""The storage and names of static files."""

import re
from collections.abc import Iterator
from typing import Any

import brotli
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# `… from "./x.js"` and `import "./x.js"`. Django's own support also reads vendored libraries, and fails on one.
MODULE_IMPORT = r"""(?P<matched>\b(?P<keyword>from|import)\s*["'](?P<url>\.{1,2}/[^"']+\.js)["'])"""

# Stylesheets that only import others are collected as one file: each file more is a wait before anything is drawn.
TOGETHER = "css/together/"
SHEET_IMPORT = re.compile(rb'@import "\.\./(?P<name>[^"]+)";')
Sources = dict[str, tuple[Storage, str]]  # the files to collect: name, and where it comes from


class QuickCompressor(Compressor):
    """Brotli two levels below its slowest, which takes a quarter of the time for files a tenth larger."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=9)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names include a hash of the content, also in imports between our JavaScript modules.

    Otherwise a module that a page and another module load would run twice, under two names.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((MODULE_IMPORT, '%(keyword)s "%(url)s"'),)),
    )

    def post_process(self, paths: Sources, *args: Any, **options: Any) -> Iterator[Any]:
        joined: Sources = {name: (_Joined(paths), name) for name in paths if name.startswith(TOGETHER)}
        return super().post_process(paths | joined, *args, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)


class _Joined(Storage):
    """Stylesheets with what they import in its place. Both lie equally deep, so that the addresses in them hold."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(
            SHEET_IMPORT.sub(lambda found: self._read(f"css/{found['name'].decode()}"), self._read(name))
        )

    def _read(self, name: str) -> bytes:
        storage, path = self.sources[name]
        with storage.open(path) as file:
            return file.read()
