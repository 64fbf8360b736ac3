"""What the stack may cost, and who is told."""

from .budget import EnvironmentBudgetArgs
from .guard import CostGuard, CostGuardArgs

__all__ = ["CostGuard", "CostGuardArgs", "EnvironmentBudgetArgs"]
