"""Customers who write from elsewhere: what comes in, what goes out, what became of it."""
