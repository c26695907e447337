"""Albums by a rule: searches that are shown as albums, and albums that are made of folders."""
