"""Durations as Docker reads and reports them."""


def duration(seconds: float) -> str:
    """Go's own notation, such as `1m30s` or `500ms`: any other would show as a change at every run."""
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{rest / 1000:g}s"
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text
