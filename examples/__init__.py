"""Converters that turn published data into the files `python -m api import` reads. No room imports them."""
