"""A rush of made-up customers at a running copy, for agents to train with."""
