"""What WebDAV says on the wire (RFC 4918): paths, bodies of XML, conditions, locks, properties."""
