"""Pages for signing in and out, one's account, users, their history and the security log."""
