"""What runs in Lambda: four functions, adapters of the ports, and one composition root."""
