"""An owner's faces become people: arrays in, groups out, and what the owner decided always holds."""
