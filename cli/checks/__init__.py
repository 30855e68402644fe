"""What the doctor looks at: one module for each part of a plant, and the table of all checks."""
