"""An owner's faces become people: arrays in, groups out. What the owner decided is always kept."""
