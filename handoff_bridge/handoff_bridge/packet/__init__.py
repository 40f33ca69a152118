"""The handoff packet and redaction: pure functions over the log, no I/O."""
