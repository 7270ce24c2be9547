"""Two voices on one microphone: told apart by pitch and timbre where they clearly differ, by nothing but arithmetic.

This is no diarisation model: it groups stretches of speech that a recogniser has already cut. Where the voices are too
alike it says so, and who speaks is then resolved from the words alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from syngraph.sources.audio import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HOP = RATE // 100
_WINDOW = RATE // 25
_MELS = 24
_CEPSTRA = 12
#: Octaves that one speaker's median pitch wanders from one sentence to the next.
_PITCH_SPREAD = 0.12
#: Mean silhouette below which the two groups are one voice.
_CLEAR = 0.34
#: Two voices differ in median pitch by this many octaves or in mean cepstrum by this distance. Measured on synthetic
#: voices: sentences of one voice split at most 0.26 apart in pitch and 0.35 in timbre, two voices at least 0.32 and 0.56.
_PITCH_APART = 0.29
_TIMBRE_APART = 0.5
_LONG_ENOUGH = 0.8


def tell_apart(samples: NDArray[np.int16], spans: Sequence[tuple[float, float]]) -> list[int] | None:
    """Which of two voices each span (start, end in seconds) is: 0 for the one that speaks first, else 1.

    None where there are fewer than two spans a voice, or the voices are too alike to tell.
    """
    import numpy as np

    features = [_voice(samples[int(a * RATE) : int(b * RATE)]) for a, b in spans]
    sound = [n for n, (a, b) in enumerate(spans) if b - a >= _LONG_ENOUGH and features[n] is not None]
    if len(sound) < 4:
        return None
    table = np.array([features[n] for n in sound])
    scale = np.concatenate([[_PITCH_SPREAD], np.maximum(table[:, 1:].std(axis=0), 1e-6) * np.sqrt(_CEPSTRA)])
    centre = table.mean(axis=0)
    points = (table - centre) / scale
    groups = _two_groups(points)
    if min(np.bincount(groups, minlength=2)) < 2 or _silhouette(points, groups) < _CLEAR:
        return None
    means = np.array([points[groups == g].mean(axis=0) for g in (0, 1)])
    apart = np.abs((means[0] - means[1]) * scale)
    if apart[0] < _PITCH_APART and float(np.linalg.norm(apart[1:])) < _TIMBRE_APART:
        return None
    voices = _assign(features, means, centre, scale)
    return voices if voices[0] == 0 else [1 - v for v in voices]


def _assign(
    features: Sequence[NDArray[np.float64] | None],
    means: NDArray[np.float64],
    centre: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> list[int]:
    """The nearer voice for each stretch; one without any sound of a voice goes with the one before."""
    import numpy as np

    voices: list[int] = []
    for feature in features:
        if feature is None:
            voices.append(voices[-1] if voices else 0)
        else:
            voices.append(int(np.argmin(np.linalg.norm(means - (feature - centre) / scale, axis=1))))
    return voices


def _voice(samples: NDArray[np.int16]) -> NDArray[np.float64] | None:
    """Median pitch in octaves and mean cepstrum of the voiced frames; None where there are hardly any."""
    import numpy as np

    if len(samples) < 10 * _WINDOW:
        return None
    count = (len(samples) - _WINDOW) // _HOP + 1
    index = np.arange(_WINDOW)[None, :] + _HOP * np.arange(count)[:, None]
    frames = samples.astype(np.float64)[index] / 32768
    energy = (frames**2).sum(axis=1)
    frames = frames[energy > 0.1 * np.percentile(energy, 90)] * np.hanning(_WINDOW)
    pitch = _pitch(frames)
    voiced = pitch > 0
    if voiced.sum() < 8:
        return None
    return np.concatenate([[np.median(np.log2(pitch[voiced]))], _cepstrum(frames[voiced]).mean(axis=0)])


def _pitch(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hertz of each frame by autocorrelation, 0 where it has none between 70 and 400."""
    import numpy as np

    spectrum = np.abs(np.fft.rfft(frames, 2 * _WINDOW, axis=1)) ** 2
    echo = np.fft.irfft(spectrum, axis=1)[:, :_WINDOW]
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(_WINDOW), 2 * _WINDOW)) ** 2)[:_WINDOW]
    echo = echo / np.maximum(echo[:, :1], 1e-9) / np.maximum(window / window[0], 0.05)
    low, high = RATE // 400, RATE // 70
    search = echo[:, low:high]
    best = search.max(axis=1)
    # Two periods echo as well as one: the first peak that is nearly the best, climbed to its top.
    first = np.argmax(search >= 0.9 * best[:, None], axis=1)
    near = np.minimum(first[:, None] + np.arange(12)[None, :], search.shape[1] - 1)
    lag = low + first + np.argmax(np.take_along_axis(search, near, axis=1), axis=1)
    return np.asarray(np.where(best > 0.5, RATE / lag, 0.0), dtype=np.float64)


def _cepstrum(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mel cepstrum without its first coefficient, which is only loudness."""
    import numpy as np

    power = np.abs(np.fft.rfft(frames, 1024, axis=1)) ** 2
    mels = np.log(power @ _mel_bank().T + 1e-8)
    k = np.arange(1, _CEPSTRA + 1)[:, None]
    basis = np.cos(np.pi * k * (np.arange(_MELS)[None, :] + 0.5) / _MELS)
    return np.asarray(mels @ basis.T / _MELS, dtype=np.float64)


def _mel_bank() -> NDArray[np.float64]:
    import numpy as np

    def mel(hertz: float) -> float:
        return float(2595 * np.log10(1 + hertz / 700))

    edges = 700 * (10 ** (np.linspace(mel(80), mel(7000), _MELS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(1024, 1 / RATE)
    up = (bins[None, :] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins[None, :]) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.clip(np.minimum(up, down), 0, None), dtype=np.float64)


def _two_groups(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Two-means from the two ends of the main direction; deterministic."""
    import numpy as np

    direction = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2][0]
    along = points @ direction
    groups = np.asarray(along > np.median(along), dtype=np.int64)
    for _ in range(50):
        if not 0 < groups.sum() < len(groups):
            break
        means = np.array([points[groups == g].mean(axis=0) for g in (0, 1)])
        nearer = np.asarray(np.argmin(np.linalg.norm(points[:, None] - means[None], axis=2), axis=1), dtype=np.int64)
        if (nearer == groups).all():
            break
        groups = nearer
    return groups


def _silhouette(points: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    """Mean silhouette: 1 for two far and tight groups, 0 for one."""
    import numpy as np

    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    values = []
    for n, group in enumerate(groups):
        own = (groups == group) & (np.arange(len(groups)) != n)
        if not own.any():
            values.append(0.0)
            continue
        a, b = distance[n][own].mean(), distance[n][groups != group].mean()
        values.append((b - a) / max(a, b, 1e-9))
    return float(np.mean(values))
