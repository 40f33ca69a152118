"""A document by its versions: the project's file first, then what people saved."""

from collections.abc import Callable

import structlog
from pydantic import BaseModel

from handoff_bridge.errors import (
    BridgeError,
    InvalidDocument,
    OldVersion,
    UnknownVersion,
)
from handoff_bridge.protocol.http import DocumentVersion, DocumentVersions
from handoff_bridge.store import documents
from handoff_bridge.store.database import Connection

logger = structlog.get_logger()


class Kept[M: BaseModel]:
    """One document: the project's file as version 0, and the newest that was read."""

    def __init__(self, name: str, first_text: str, read: Callable[[str], M]) -> None:
        """Raises InvalidDocument where the project's file is not right."""
        self.name = name
        self._first_text = first_text
        self._read = read
        self._version, self._model = 0, read(first_text)

    async def text(self, tx: Connection, version: int) -> str:
        """Raises UnknownVersion."""
        found = self._first_text
        if version:
            saved = await documents.text_of(tx, self.name, version)
            if saved is None:
                raise UnknownVersion
            found = saved
        return found

    async def model(self, tx: Connection, version: int) -> M:
        """What holds with that version, read once.

        A version that a newer bridge wrote may say what this one does not know: then
        what held before holds here on.
        """
        if version != self._version:
            try:
                self._model = self._read(await self.text(tx, version))
            except InvalidDocument as error:
                first = error.mistakes[0]
                logger.error(
                    "document_unreadable",
                    document=self.name,
                    version=version,
                    line=first.line,
                    reason=first.reason,
                )
            self._version = version
        return self._model

    def parsed(self, text: str) -> M | None:
        """What a text says; None where it is not right."""
        try:
            return self._read(text)
        except InvalidDocument:
            return None

    async def told(
        self, tx: Connection, version: int | None
    ) -> tuple[DocumentVersion, str]:
        """The newest version, or another: who saved it when, and its text.

        Raises UnknownVersion.
        """
        if version is None:
            version = (await documents.newest(tx)).get(self.name, 0)
        text = await self.text(tx, version)
        saved = await documents.version_of(tx, self.name, version)
        told = vars(saved) if saved else {"version": version}
        return DocumentVersion(**told), text


async def list_versions(
    tx: Connection, name: str, before: int | None, limit: int
) -> DocumentVersions:
    """Newest first; the last of all is the project's file."""
    saved = await documents.versions(tx, name, before, limit)
    found = [DocumentVersion(**vars(one)) for one in saved]
    if len(found) < limit and before != 0:
        found.append(DocumentVersion(version=0))
    return DocumentVersions(versions=found)


async def begin_save(tx: Connection, name: str, version: int) -> dict[str, int]:
    """Lets nobody else save meanwhile; gives the newest version of every document.

    Raises OldVersion where that of `name` is not the one that was written on top of.
    """
    await documents.lock(tx)
    newest = await documents.newest(tx)
    if version != (now := newest.get(name, 0)):
        raise await _old_version(tx, name, now)
    return newest


async def _old_version(tx: Connection, name: str, version: int) -> BridgeError:
    saved = await documents.version_of(tx, name, version)
    if saved is None:
        return OldVersion("There is no such version; nobody has saved one yet.")
    at = f"{saved.saved_at:%Y-%m-%d %H:%M} UTC"
    return OldVersion(
        f"{saved.saved_by} saved version {version} on {at}; read it first."
    )
