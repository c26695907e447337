"""Pages for signing in and out, your account, all accounts, the history and the security log."""
