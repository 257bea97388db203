"""The command line: one module for each noun, thin wrappers over the desk, gathered in api/__main__.py."""
