"""Graph components of the assistant: encoder, classifiers and the escalation policy."""
