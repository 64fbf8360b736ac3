"""The records of objectives' rules, by the names that sloth made known."""

BUDGET_LEFT = "slo:error_budget_remaining:ratio"
BURN_RATE = "slo:current_burn_rate:ratio"


def sli_error(window: str) -> str:
    """The share of bad events over a window such as `5m`."""
    return f"slo:sli_error:ratio_rate{window}"
