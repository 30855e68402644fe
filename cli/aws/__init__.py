"""How a command reaches the AWS that a plant is deployed in, and what keeps it from there."""
