"""The monthly circular (通报) from draft to erratum: who may do what, when, and what becomes fixed by it.

A draft counts what stands; the departments named in it are consulted; a supervisor who did not draft it signs, which
fixes every number and word; its issue gives the number and starts the duty to put right. Whatever turns out later is
an erratum, never a change.
"""

from tracker.circulars.desk import document_of, number_of
from tracker.circulars.moves import Circulars

__all__ = ["Circulars", "document_of", "number_of"]
