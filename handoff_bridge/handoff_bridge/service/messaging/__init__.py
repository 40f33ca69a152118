"""Customers who write from elsewhere: what comes in, and what goes out."""
