"""What the keys find: functions from a Compiler and a term to a condition on photos."""
