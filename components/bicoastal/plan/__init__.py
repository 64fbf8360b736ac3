"""The offline plan: a Pulumi program run without an engine, recorded, and read in several ways."""

from .record import Plan, Resource, Secret
from .recorder import read_stack_config, record
from .stack_files import StackFile, stack_files

__all__ = ["Plan", "Resource", "Secret", "StackFile", "read_stack_config", "record", "stack_files"]
