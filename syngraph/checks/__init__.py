"""Checks: facts against facts, and sentences against their quotes."""
