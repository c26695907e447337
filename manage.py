#!/usr/bin/env python
"""Run Mirage's administrative commands."""

import os
import sys

# Several of these run side by side, and a second thread of the library of matrices mostly waits, at full speed.
SIDE_BY_SIDE = {"work", "drain", "find_duplicates"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")
    if SIDE_BY_SIDE.intersection(sys.argv[1:2]):
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from django.core.management import BaseCommand, execute_from_command_line

    BaseCommand.requires_system_checks = []  # they load the whole site, for longer than many commands work: see `check`
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
