"""Extraction: a source in, facts with their evidence out."""
