"""Files on their way into the library: received, taken in, put into albums."""
