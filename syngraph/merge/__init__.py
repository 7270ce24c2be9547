"""Merging: what is said twice becomes one fact with two witnesses."""
