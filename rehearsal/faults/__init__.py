"""The whole plant in one process, with time and the world under control: every failure a seed."""
