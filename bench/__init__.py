"""Benchmarks: ratios within one run, each against what the database itself can do."""
