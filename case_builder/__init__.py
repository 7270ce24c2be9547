"""Builds the made-up encounters in ``cases/`` from ``visits/*.yaml``; not part of the installed package.

``python -m case_builder`` writes every encounter folder anew. What it writes depends on
the visits alone: no clock, no chance, no place.
"""
