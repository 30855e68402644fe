"""What an edit of a plant file costs: ``diff``, and how it looks to each of its readers."""
