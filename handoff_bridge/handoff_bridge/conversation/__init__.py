"""Owners, states, triggers and the shapes of the log. Pure: `now` is a parameter."""
