"""What runs in Lambda: four functions, the adapters of the domain's ports, and one composition root."""
