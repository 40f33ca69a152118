"""Customers who write from elsewhere, against platforms that are made up."""
