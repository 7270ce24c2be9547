"""Readers: files of one encounter in, :class:`syngraph.model.Source` out."""
