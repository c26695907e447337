"""What taking photos in and their stages cost."""
