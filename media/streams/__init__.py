"""Videos as browsers play them, in short segments that are made when a player asks (HLS, RFC 8216). Knows no Django."""
