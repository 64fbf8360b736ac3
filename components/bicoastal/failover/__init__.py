"""The failover budget: worst seconds from the loss of a region to the first good write."""

from .budget import FailoverBudget
from .promotion import by_hand
from .propagation import of_load_balancer, of_switched_record
from .term import Term, seconds_by_name, within_limit

__all__ = [
    "FailoverBudget",
    "Term",
    "by_hand",
    "of_load_balancer",
    "of_switched_record",
    "seconds_by_name",
    "within_limit",
]
