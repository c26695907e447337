"""Pages of albums, of sharing, and of guests who come by a link."""
