"""Plain words of a search: which of them are names, dates and kinds, and which say nothing. No database here."""
