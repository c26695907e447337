"""The project: settings, addresses, and what starts and keeps it running."""

import sqlite3
import sys

# Before this version SQLite can lose commits of a write-ahead log that several processes use (sqlite.org/wal.html,
# "the WAL-reset bug"), and most systems bring an older one. Django must then find pysqlite3 in its place.
SAFE_SQLITE = (3, 51, 3)

if sqlite3.sqlite_version_info < SAFE_SQLITE:
    import pysqlite3
    from pysqlite3 import dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
