"""What browsers say they are, in two words."""

# The first that a browser names is what it is: others name themselves along.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
MAX_CHARS = 60


def short_form(user_agent: str) -> str:
    """As in "Firefox on Linux"; of another program the name it gives itself."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    plain = "".join(char for char in user_agent if char.isprintable())
    return browser or (plain.split() or [""])[0][:MAX_CHARS]


def _first(names: dict[str, str], user_agent: str) -> str | None:
    return next((name for mark, name in names.items() if mark in user_agent), None)
