"""Queue order, waiting-time estimates and capacity. Pure."""
