"""`relay_server.py <credentials.yml> <port>`: Rasa's server without a model."""

from __future__ import annotations

import sys

from serving.without_tensorflow import import_rasa_lean


def main() -> None:
    """Serves until it is told to stop."""
    credentials, port = sys.argv[1:]
    import_rasa_lean()
    from rasa.core.run import configure_app, create_http_input_channels

    channels = create_http_input_channels(None, credentials)
    app = configure_app(channels, enable_api=False, port=int(port))
    app.run("127.0.0.1", int(port), access_log=False)


if __name__ == "__main__":
    main()
