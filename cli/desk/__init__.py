"""What is said at a plant's desk, and asked there: ``overtime``, ``skip``, ``hold``, ``status``."""
