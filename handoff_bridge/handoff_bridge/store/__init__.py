"""Tables and transactions."""
