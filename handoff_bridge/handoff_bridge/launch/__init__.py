"""Starts, watches and stops the four processes of one copy of Tandem."""
