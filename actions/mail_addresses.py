"""Mail addresses in what a customer writes."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email

LOOKS_LIKE_EMAIL = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"'@]+")


def email_in(text: Any) -> str | None:
    """Returns the one mail address in a text, None if there is none that can work."""
    found = LOOKS_LIKE_EMAIL.search(str(text))
    if found is None:
        return None
    try:
        valid = validate_email(found.group().strip(".!?"), check_deliverability=False)
    except EmailNotValidError:
        return None
    return valid.normalized.lower()
