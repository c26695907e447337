"""Photos that arrive by themselves: WebDAV for phones and programs, and the devices that are connected."""
