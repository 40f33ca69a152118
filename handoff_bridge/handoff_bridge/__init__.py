"""The handoff bridge: owns every conversation and brings in a human when needed."""
