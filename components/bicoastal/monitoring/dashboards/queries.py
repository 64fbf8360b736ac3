"""PromQL that follows a dashboard's variables."""

OF_USERS = 'route!~"/(health|ready|region-health|metrics)"'
"""What users ask the API for, and not those who watch it."""

TRACED = (
    "http_request_duration_seconds",
    "database_query_duration_seconds",
    "cache_command_duration_seconds",
)
"""The API's histograms, of whose samples some name the trace that shows them."""
FAILED = 'status=~"5.."'


def select(metric: str, *matchers: str) -> str:
    """The metric's series of the chosen places, jobs and instances, held to further matchers."""
    chosen = ('place=~"$place"', 'job=~"$job"', 'instance=~"$instance"', *matchers)
    return f"{metric}{{{', '.join(chosen)}}}"


def rate(counter: str, *matchers: str) -> str:
    """Its growth per second, over a span that fits the picture's width and holds enough samples."""
    return f"rate({select(counter, *matchers)}[$__rate_interval])"


def quantile(share: float, histogram: str, *matchers: str, by: str = "") -> str:
    """What this share of the histogram's events stays under, for each value of the labels `by`."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) ({rate(f'{histogram}_bucket', *matchers)}))"


def names_traces(expression: str) -> bool:
    """Whether a picture of this can lead to traces: it is a quantile of what the API has measured."""
    return expression.startswith("histogram_quantile") and any(name in expression for name in TRACED)
