"""Being told: the bell of every page, and a mail a day at most, about what each user has switched on."""
