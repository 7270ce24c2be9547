"""Merging: what is said twice becomes one fact with two witnesses."""

from syngraph.merge.group import merge, number
from syngraph.merge.support import statement_support, support

__all__ = ["merge", "number", "statement_support", "support"]
