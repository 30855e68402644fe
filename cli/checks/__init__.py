"""The doctor: one module for each part of a deployed plant, and the table of all checks."""
