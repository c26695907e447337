"""The pages of switches: in the administration, to every library, and for everybody, to their own."""
