"""The tables, one module for each theme; every module has a TABLE."""
