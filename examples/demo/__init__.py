"""The demo bank: a fictional Chinese bank written as import files, the same bytes for the same seed."""
