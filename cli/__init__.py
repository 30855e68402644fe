"""What people and pipelines type: a room for each kind of question, and what all of them share."""
