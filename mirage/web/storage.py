"""The storage and names of static files."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# `… from "./x.js"` and `import "./x.js"`. Django's own support also reads vendored libraries, and fails on one.
MODULE_IMPORT = r"""(?P<matched>\b(?P<keyword>from|import)\s*["'](?P<url>\.{1,2}/[^"']+\.js)["'])"""


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

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)
