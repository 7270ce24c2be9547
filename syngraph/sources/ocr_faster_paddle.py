"""faster-paddle as the OCR engine: the same models in one compiled library, quicker and smaller than RapidOCR.

It gives upright boxes only, which is enough because pages are straightened before they are read.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from syngraph.errors import BackendError
from syngraph.ports import OcrLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@cache
def _engine() -> Any:
    try:
        import faster_paddle
    except ImportError as error:
        raise BackendError("the OCR engine faster-paddle is not installed", "pip install 'syngraph[ocr]'") from error
    return faster_paddle.OcrEngine("small", threads=1)


class FasterPaddle:
    """Reads an upright page with faster-paddle.

    Raises:
        BackendError: the package is not installed.
    """

    name = "faster-paddle"
    sends_data_out = False

    def __init__(self) -> None:
        _engine()
        from importlib.metadata import version

        self.version = version("faster-paddle")

    def read(self, page: NDArray[np.uint8]) -> list[OcrLine]:
        """Lines of print on ``page`` (height x width x 3, RGB, upright)."""
        from PIL import Image

        packed = io.BytesIO()
        Image.fromarray(page).save(packed, "PNG", compress_level=1)
        found = _engine().ocr(packed.getvalue())["bounds"].values()
        return [_line(f) for f in found if f["text"].strip()]


def _line(found: dict[str, Any]) -> OcrLine:
    (x0, y0), (x1, y1) = found["topLeftCoord"], found["bottomRightCoord"]
    left, top, right, bottom = float(x0), float(y0), float(x1), float(y1)
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return OcrLine(text=found["text"].strip(), quad=quad, score=float(found["confidence"]))
