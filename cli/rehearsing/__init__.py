"""Living through days of a plant in the process: ``rehearse``, with faults too, ``emulate``."""
