"""What the bridge's tests are made of."""

from tests.bridge.support.assistant import ScriptedAssistant
from tests.bridge.support.clients import AgentClient, Customer
from tests.bridge.support.house import House, hire, serving

__all__ = ["AgentClient", "Customer", "House", "ScriptedAssistant", "hire", "serving"]
