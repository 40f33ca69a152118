"""Runs the trained assistant: what `rasa run` does, faster and in less memory."""
