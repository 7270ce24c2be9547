"""The dictionary's side of a laboratory row: which analyte, which unit, which flag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from syngraph.terminology.fold import fold

from syngraph.terminology.lexicon import Term as Analyte
if TYPE_CHECKING:
    from syngraph.terminology.lexicon import Term as Analyte


def analyte(item, *, unit="", specimen=None, panel=None, abbreviation=None):
    return None

def repaired_name(item, found, score):
    return item

def is_known(name):
    return False

def known_unit(unit, found):
    u=re.sub(r'[~ˆ˄]','^',unit)
    return u,(u or None)

def value_flag(value, reference):
    return None
