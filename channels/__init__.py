"""Connectors between Rasa and the handoff bridge."""
