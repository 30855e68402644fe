"""What people and pipelines type: one module a command, each a few lines around a room below."""
