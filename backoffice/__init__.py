"""The sandbox back office: stands in for the shop's own systems."""
