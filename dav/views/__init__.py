"""What programs ask for over WebDAV, and the pages about devices."""
