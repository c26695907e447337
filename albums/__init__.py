"""Albums, sharing with users, public links, trips and suggestions."""
