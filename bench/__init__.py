"""Measurements, each a command: ``python -m bench.lookup``, ``python -m bench.year_plan``."""
