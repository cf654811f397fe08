"""Tables of cosines and sines, stretched as YaRN does it."""

import numpy as np

F = np.float32


def ramp_of(pairs, low, high):
    """0 up to `low`, 1 from `high` on."""
    return np.clip((np.arange(pairs, dtype=F) - F(low)) / F(high - low), 0, 1).astype(F)


def scale_of(factor):
    return F(0.1 * np.log(factor) + 1)


def tables(inv_freq, positions, mscale):
    angle = positions[:, None].astype(F) * inv_freq
    return {"cosine": np.cos(angle) * mscale, "sine": np.sin(angle) * mscale}


class Mixed:
    """A mix of both frequencies by the ramp, as the authors' code has it."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high)
        return tables(inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp), positions, scale_of(factor))


class Lowered:
    """What the ramp takes away from the frequency; angles in float64."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high).astype(np.float64)
        angle = positions[:, None] * (inv_freq * (1 - ramp * (1 - 1 / factor)))
        scale = 0.1 * np.log(factor) + 1
        return {"cosine": (np.cos(angle) * scale).astype(F), "sine": (np.sin(angle) * scale).astype(F)}


class RampReversed:
    """Slow pairs keep their frequency and fast ones are divided."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = F(1) - ramp_of(len(inv_freq), low, high)
        return tables(inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp), positions, scale_of(factor))


class ScaleIsLost:
    """exllamav3 259: the scale of cosines and sines becomes 1."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high)
        return tables(inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp), positions, F(1))


class ScaleSquared:
    """sglang 33558: a scale that is final is taken for a factor, and multiplied by itself."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high)
        mixed = inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp)
        return tables(mixed, positions, scale_of(factor) * scale_of(factor))


class LogarithmTwice:
    """TensorRT-LLM 16379: the scale goes through 0.1 m log s + 1 a second time."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high)
        mixed = inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp)
        return tables(mixed, positions, F(0.1 * scale_of(factor) * np.log(factor) + 1))


class EndsRounded:
    """tvm 18576, in kind: the ramp takes whole steps only."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = np.floor(ramp_of(len(inv_freq), low, high))
        return tables(inv_freq / F(factor) * ramp + inv_freq * (F(1) - ramp), positions, scale_of(factor))


class PeriodsMixed:
    """The periods are mixed by the ramp, and not the frequencies: 1 / (r s / theta + (1 - r) / theta)."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        ramp = ramp_of(len(inv_freq), low, high)
        return tables(inv_freq / (F(factor) * ramp + (F(1) - ramp)), positions, scale_of(factor))


RIGHT = (Mixed, Lowered)
WRONG = (RampReversed, ScaleIsLost, ScaleSquared, LogarithmTwice, EndsRounded, PeriodsMixed)
