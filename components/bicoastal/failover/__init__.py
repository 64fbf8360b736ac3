"""The failover budget: worst seconds from the loss of a region to the first good write."""

from .budget import FailoverBudget, Term

__all__ = ["FailoverBudget", "Term"]
