"""One thought in several messages: which of them go to the assistant together.

Whether a message is a whole thought is the assistant's to say: it is asked as soon as
the message is there, and may answer that it would rather hear on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from handoff_bridge.store.jobs import Job

# Longer than most people pause within a thought, and short enough for those who wait.
PATIENCE = timedelta(seconds=1.2)


@dataclass(frozen=True)
class Joined:
    """The messages that go with the first, and whether more of it may be awaited."""

    jobs: tuple[Job, ...] = ()
    may_wait: bool = False


def join(job: Job, fragments: int, now: datetime) -> Joined:
    """What to ask for now; `fragments` of the first are no thought, says the assistant.

    One message more each time, so that one that is understood is never held up by what
    comes after it.
    """
    line = [job, *job.following]
    plain = list(takewhile(_is_plain, line))
    if not plain:
        return Joined()
    count = min(fragments + 1, len(plain))
    # More of it is here already; or it may come, with nothing else in between.
    may_wait = len(plain) > count or (
        len(line) == count and now < job.created_at + PATIENCE
    )
    return Joined(tuple(plain[1:count]), may_wait)


def _is_plain(job: Job) -> bool:
    """Whether it is text: no press, photo or code, which stand for themselves."""
    payload = job.payload
    special = any(map(payload.get, ("pressed", "payload", "codes", "photos")))
    return job.kind == "turn" and not special
