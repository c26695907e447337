"""What an owner changes, on one photo or thousands, and how it reaches sidecars and files."""
