"""Albums for whoever has the address: public links, their guests, and what guests may do."""
