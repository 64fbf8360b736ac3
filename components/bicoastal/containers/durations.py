"""Durations as Docker reads and reports them."""


def duration(seconds: float) -> str:
    """The provider's own notation, such as `1m`, `1m30s` or `500ms`: any other would show as a change at
    every run."""
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms" if milliseconds else "0s"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes or (hours and rest) else ""]
    return "".join([*parts, f"{rest / 1000:g}s" if rest else ""])
