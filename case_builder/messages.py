"""HL7 v2: the segments of a visit as they stand, each message ended as on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def messages(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """Segments end with a carriage return; a blank line parts two messages. ``encoding`` must be what MSH-18 says."""
    text = "\r".join(line.strip() for line in spec["segments"].splitlines() if line.strip())
    return (text + "\r").encode(spec.get("encoding", "utf-8"))
