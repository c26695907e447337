"""The search language: text becomes a tree of plain values. No database here."""
