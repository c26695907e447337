"""The full-text index: what is indexed of a photo, kept up to date by triggers."""
