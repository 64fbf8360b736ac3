"""How the load balancer at the edge decides which region is up."""

from .monitor import EdgeMonitor, EdgeMonitorArgs

__all__ = ["EdgeMonitor", "EdgeMonitorArgs"]
