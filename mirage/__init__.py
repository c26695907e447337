"""The project: settings, addresses, and what starts and keeps it running."""

import sys

import pysqlite3
from pysqlite3 import dbapi2

# SQLite up to 3.51.2 can lose commits of a write-ahead log that several processes use (sqlite.org/wal.html, "the
# WAL-reset bug"), and Python 3.11 comes with 3.40 or older on many systems. Django must meet the newer one first.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = dbapi2
