"""Use cases: receive, hand off, claim, reply, return. Knows no transport."""
