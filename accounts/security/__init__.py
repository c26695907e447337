"""Who may sign in, and from where: second factor, sessions, tokens and lockout."""
