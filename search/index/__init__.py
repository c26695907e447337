"""The full-text index: what is indexed for each photo, kept up to date by triggers."""
