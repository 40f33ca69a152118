"""What the assistant does: one module a topic, wording left to domain.yml."""
