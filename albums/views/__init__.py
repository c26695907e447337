"""Pages of albums, of sharing, and of guests who visit through a link."""
