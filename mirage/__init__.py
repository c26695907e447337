"""The project: settings, addresses, and the processes of an installation."""

import sqlite3
import sys

# Older versions of SQLite can lose commits if several processes use a write-ahead log (sqlite.org/wal.html, "the
# WAL-reset bug"). Most systems have an older one, so Django gets pysqlite3 instead.
SAFE_SQLITE = (3, 51, 3)

if sqlite3.sqlite_version_info < SAFE_SQLITE:
    import pysqlite3
    from pysqlite3 import dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
