"""The model services: one module per service, listed in ``catalog``."""
