"""How true the wait is that customers are told, on simulated days."""
