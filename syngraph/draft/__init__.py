"""Drafting: facts in, sections and sentences out."""
