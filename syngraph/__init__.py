"""Syngraph: one medical record, written together from every source, signed by the doctor."""

__version__ = "0.1.0"
