"""What goes over the wire: every answer and every body of the API, typed, a module for each topic."""
