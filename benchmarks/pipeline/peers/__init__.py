"""Mirage beside other programs that do the same, on the same files in the same run."""
