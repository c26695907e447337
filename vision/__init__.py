"""Pictures become vectors, boxes and words: the models and what compares their answers. Knows no Django and no app."""
