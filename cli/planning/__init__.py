"""What a plant file means: ``validate``, ``plan``, ``explain``."""
