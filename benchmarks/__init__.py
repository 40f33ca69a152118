"""Measures the assistant on data that it was not trained on."""
