"""What the journeys are made of."""

from tests.journeys.support.browsing import MakeContext
from tests.journeys.support.desk import Desk
from tests.journeys.support.inbox import InboxPage
from tests.journeys.support.running import Tandem
from tests.journeys.support.shop import PINE, YOU, ShopPage

__all__ = ["PINE", "YOU", "Desk", "InboxPage", "MakeContext", "ShopPage", "Tandem"]
