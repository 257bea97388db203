"""Published rates and holidays as import files: `python -m examples.ecb --from FX --to DIR`."""
