"""Rasa importer: training data as ever, the domain put together from its topics."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.common import cached_method

from authoring.domain_files import read_domain


class DesignersImporter(RasaFileImporter):
    """Named in `config.yml`; what stands there beside the name are its options."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        said_beside: list[str] | None = None,
    ) -> None:
        """Takes Rasa's paths, and the intents that may interrupt a form."""
        super().__init__(config_file, domain_path, training_data_paths)
        self._said_beside = said_beside or []

    @cached_method
    def get_domain(self) -> Domain:
        """Returns the whole domain; an empty one without a path: only NLU trains.

        Raises:
            InvalidDomainFile: two topics define the same name, or a file is no domain.
        """
        if not self._domain_path:
            return Domain.empty()
        return Domain.from_dict(read_domain(Path(self._domain_path), self._said_beside))
