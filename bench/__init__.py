"""Measurements, each a command: ``python -m bench.lookup``; ``make bench`` runs all of them."""
