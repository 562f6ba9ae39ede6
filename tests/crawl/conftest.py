"""The small county on either database."""

from tests.decide.conftest import county

__all__ = ["county"]
