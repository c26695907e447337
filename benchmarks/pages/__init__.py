"""What pages cost a browser and the server, and how many clicks the common tasks take."""
