"""The Czech bank of PKDD'99 as import files: `python -m examples.pkdd99 --from RAW --as-of DAY --to DIR`."""
