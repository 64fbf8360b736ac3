"""How many seconds the balancer's checks take to see a change, as arithmetic on what is declared."""

from .routes import HealthCheck


def found_up_worst_s(check: HealthCheck) -> float:
    """Worst seconds until a server that may have traffic gets it: the check has just missed it, and the
    further successes are asked for at the fast interval."""
    return check.interval_s + _confirmations_s(check)


def found_up_average_s(check: HealthCheck) -> float:
    """Average seconds of the same: half an interval until the first check."""
    return check.interval_s / 2 + _confirmations_s(check)


def refusing_out_worst_s(check: HealthCheck) -> float:
    """Worst seconds until a server that refuses connections gets no more traffic: each check fails at once,
    and the further failures are asked for at the fast interval."""
    return check.interval_s + (check.fall - 1) * check.fast_interval_s


def silent_out_worst_s(check: HealthCheck) -> float:
    """Worst seconds until a server that answers nothing gets no more traffic. HAProxy counts an interval from
    the end of a check, so that each failure costs its timeout as well."""
    return refusing_out_worst_s(check) + check.fall * check.timeout_s


def silent_out_from_start_to_start_s(check: HealthCheck) -> float:
    """The same where checks begin one interval apart, however long one takes: how published tables count. A
    check that lasts longer than the fast interval delays the next one."""
    return check.interval_s + (check.fall - 1) * max(check.fast_interval_s, check.timeout_s) + check.timeout_s


def _confirmations_s(check: HealthCheck) -> float:
    return (check.rise - 1) * check.fast_interval_s
