"""Bringing plants to AWS: ``deploy``, ``checkup``, ``plants``, ``orphans``."""
