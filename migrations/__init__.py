"""Beside the rooms: how the tables came to be."""
