"""What each key finds: functions from a Compiler and a term to a condition on photos."""
