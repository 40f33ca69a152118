"""Ends the open connections of agents whose login has ended.

A login ends in this bridge, in another, by the command line, or by its time. The
database knows of all four, so each bridge asks it for those that are connected here.
"""

from collections.abc import Awaitable, Callable, Collection

from handoff_bridge.service.periodic import Periodic

Ended = Callable[[Collection[str]], Awaitable[set[str]]]
Disconnect = Callable[[str], Awaitable[None]]


class LoginWatch(Periodic):
    """Connections by login."""

    def __init__(self, ended: Ended, disconnect: Disconnect, every_secs: float) -> None:
        """`ended` says which logins have; it is asked `every_secs`."""
        super().__init__(self._look, "periodic:logins", every_secs)
        self._ended = ended
        self._disconnect = disconnect
        self._logins: dict[str, str] = {}

    def add(self, sid: str, login_id: str) -> None:
        """A connection has been opened with a login."""
        self._logins[sid] = login_id

    def remove(self, sid: str) -> None:
        """A connection has gone."""
        self._logins.pop(sid, None)

    async def end(self, login_ids: Collection[str]) -> None:
        """Ends the connections of these logins."""
        for sid, login_id in list(self._logins.items()):
            if login_id in login_ids:
                await self._disconnect(sid)

    async def _look(self) -> None:
        if self._logins:
            await self.end(await self._ended({*self._logins.values()}))
