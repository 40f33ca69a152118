"""Public protocol, version 1: every payload that comes in or goes out, as a model.

`null` counts as absent. What is not named is ignored in what comes in, so that older
bridges accept newer clients, and is a mistake in what goes out. The prose is in
docs/protocol.md; a test holds the two together.
"""

PROTOCOL_VERSION = 1
