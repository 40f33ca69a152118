"""`python -m serving`: the assistant as a server, as `rasa run` would start it.

Reads `credentials.yml` and `endpoints.yml` in the current folder, as Rasa does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from serving.keep_alive import outlast_callers
from serving.memory import settle, use_few_arenas, use_one_thread
from serving.without_tensorflow import import_rasa_lean


def main() -> int:
    """Serves until it is told to stop."""
    arguments = _arguments()
    if not Path(arguments.model).exists():
        print(f"No model at {arguments.model}: run `make train`.", file=sys.stderr)
        return 1
    outlast_callers()
    use_few_arenas()
    use_one_thread()
    import_rasa_lean()
    # To report what starts, Rasa would read the whole model, and with it TensorFlow.
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    _serve(arguments)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serving", description=__doc__)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", default="models/assistant.tar.gz")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--endpoints", default="endpoints.yml")
    return parser.parse_args()


def _serve(arguments: argparse.Namespace) -> None:
    # Now and not above: Rasa has to be imported lean.
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.utils.common import class_from_module_path
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.io import configure_colored_logging
    from rasa.utils.log_utils import configure_structlog

    from serving.model_files import use_for_every_processor
    from serving.quiet_logs import copy_nothing_for_logs
    from serving.rules import index_rules
    from serving.states import remember_states

    configure_logging_and_warnings()
    configure_colored_logging(None)
    configure_structlog()
    use_for_every_processor()
    remember_states()
    index_rules()
    copy_nothing_for_logs()
    sys.path.insert(1, os.getcwd())  # where the classes are that YAML files name
    endpoints = AvailableEndpoints.read_endpoints(arguments.endpoints)
    store = endpoints.tracker_store
    if store is not None and "." in (store.type or ""):
        # Rasa would do without a class that it cannot find, and forget everything.
        class_from_module_path(store.type)
    serve_application(
        arguments.model,
        interface=arguments.interface,
        port=arguments.port,
        credentials=arguments.credentials,
        endpoints=endpoints,
        enable_api=False,
        server_listeners=[(lambda *_: settle(), "after_server_start")],
    )


if __name__ == "__main__":
    sys.exit(main())
