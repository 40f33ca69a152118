"""POSTs to the shop's programs, and to nothing inside our own network."""

import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import aiohttp

from handoff_bridge.errors import InvalidWebhookUrl, PrivateAddress
from handoff_bridge.public_http import PublicHttp, retry_after
from handoff_bridge.service.ports import EndpointAnswer

MAX_RESPONSE_BYTES = 1000


class HttpWebhookClient(PublicHttp):
    """Reads 1,000 bytes of an answer."""

    def __init__(self, *, allow_http: bool, private_networks: Iterable[str]) -> None:
        """Beside what is public it connects to `private_networks`."""
        super().__init__(
            allow_http=allow_http,
            private_networks=private_networks,
            user_agent="Tandem-Webhooks/1",
        )

    async def send(
        self, url: str, headers: dict[str, str], body: bytes
    ) -> EndpointAnswer:
        """One POST. Raises nothing of the network's."""
        begun = monotonic()

        def answered(**known: Any) -> EndpointAnswer:
            return EndpointAnswer(int((monotonic() - begun) * 1000), **known)

        try:
            async with self.request(
                "POST", url, data=body, headers=headers
            ) as response:
                read = await response.content.read(MAX_RESPONSE_BYTES)
                if not response.content.at_eof():
                    response.close()
                return answered(
                    status=response.status,
                    response=read.decode("utf-8", "replace").replace("\0", "\ufffd"),
                    retry_after_secs=retry_after(response.headers.get("Retry-After")),
                )
        except TimeoutError:
            return answered(error="timeout")
        except (InvalidWebhookUrl, PrivateAddress):
            return answered(error="private_address")
        except aiohttp.ClientConnectorError as error:
            is_tls = isinstance(error.os_error, ssl.SSLError)
            return answered(error="certificate" if is_tls else "unreachable")
        except (aiohttp.ClientError, OSError, ValueError):
            return answered(error="unreachable")
