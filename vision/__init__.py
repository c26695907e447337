"""Pictures become vectors, boxes and words: the models, and comparing their results. Knows no Django and no app."""
