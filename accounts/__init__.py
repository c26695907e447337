"""Users: signing in, invitations, tokens, the security log, and the activities that users can undo."""
