"""How fast, and how safe: what runs servers, in the bridge's environment."""
