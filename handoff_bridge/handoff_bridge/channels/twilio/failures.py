"""Twilio's error codes in the bridge's words, see https://www.twilio.com/docs/api/errors.

The same codes come with a refused call and with the status callback of a message that
was taken and then failed.
"""

from handoff_bridge.conversation.events import DeliveryFailure

_CODES: dict[DeliveryFailure, tuple[int, ...]] = {
    # Opted out, blocked by the carrier for this pair, blocked in WhatsApp.
    "blocked": (21610, 30004, 63014, 63033),
    # Of the account (suspended, unpaid, wrong token) or of the sender, which is none.
    "credentials": (
        *(10001, 20003, 20004, 20005, 20403, 20404, 30002, 30124),
        *(21603, 21606, 21659, 21660, 21701, 21705, 63001, 63002, 63007, 63008, 63020),
    ),
    # Not a number, no mobile, a landline, no region of ours, not with WhatsApp, has not
    # joined the sandbox.
    "unknown_address": (
        *(21211, 21217, 21408, 21421, 21612, 21614, 21635),
        *(30005, 30006, 30014, 63003, 63015, 63024),
    ),
    # Switched off, too fast, the carrier's, Twilio's and WhatsApp's own trouble.
    "unreachable": (
        *(14107, 20429, 20500, 20503, 30001, 30003, 30008, 30009, 30010, 30017, 30018),
        *(30021, 30022, 30036, 30410, 30500, 63010, 63011, 63012, 63017, 63018, 63038),
    ),
    # No such type, too large, not to be had under its link, no MMS in that region.
    "file_refused": (11751, 12300, 21620, 21623, 30011, 30019, 63019, 63037),
    "window_closed": (63016,),
}
_FAILURES = {code: failure for failure, codes in _CODES.items() for code in codes}
# What may be otherwise later.
PASSING: frozenset[DeliveryFailure] = frozenset({"credentials", "unreachable"})


def failure_of(code: str) -> DeliveryFailure:
    """What a code means; `refused` is everything that is about the text itself."""
    return _FAILURES.get(int(code), "refused") if code.isdecimal() else "unreachable"
