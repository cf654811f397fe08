"""Quantisers of activations, in NumPy. Rows become int8, blocks of 128 float8 e4m3."""

import ml_dtypes
import numpy as np

F = np.float32
E4M3 = ml_dtypes.float8_e4m3fn


def to_even(r):
    return np.rint(r)


def away(r):
    return np.copysign(np.floor(np.abs(r.astype(np.float64)) + 0.5), r)


def rows_of(x, scale, units, nearest=to_even, limit=127):
    wide = x.astype(F)
    largest = np.abs(wide).max(-1, keepdims=True)
    s = scale(largest)
    with np.errstate(all="ignore"):
        r = np.where(s > 0, units(wide, s, largest), F(0)).astype(F)
    return {"scale": s[:, 0], "quants": np.clip(nearest(r), -128, limit).astype(np.int8)}


def blocks_of(y, units=lambda v, s: v / s, to=lambda r: r.astype(E4M3), axis=-1):
    groups = y.astype(F).reshape(len(y), -1, 128)
    s = np.broadcast_to(np.abs(groups).max(axis, keepdims=True) / F(448), (*groups.shape[:2], 1))
    with np.errstate(all="ignore"):
        r = np.where(s > 0, units(groups, s), F(0)).astype(F)
        return {"scale": np.ascontiguousarray(s[..., 0]), "quants": to(np.clip(r, -448, 448))}


def divided(top):
    return top / F(127)


class ByDivision:
    """Divided by the scale; halves to even."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, divided, lambda v, s, _: v / s)

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y)


class ByReciprocal:
    """Times the reciprocal of the scale; halves away from zero."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, lambda top: top * F(1 / 127), lambda v, s, _: v * (F(1) / s), away)

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y, lambda v, s: v * (F(1) / s))


class Float64:
    """In double precision, rounded at the end."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, divided, lambda v, s, _: v.astype(np.float64) / s)

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y, lambda v, s: v.astype(np.float64) / s)


class CutOff(ByDivision):
    """Rounded towards zero."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, divided, lambda v, s, _: v / s, np.trunc)


class FloorOfHalfMore(ByDivision):
    """A conversion that adds a half and cuts off, wrong below zero."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, divided, lambda v, s, _: v / s, lambda r: np.trunc(r + F(0.5)))


class OneScale(ByDivision):
    """One scale for all rows (a kernel per tensor, called per token)."""

    @staticmethod
    def quantise_rows(*, x):
        return rows_of(x, lambda top: np.full_like(top, top.max() / F(127)), lambda v, s, _: v / s)


class WrapsAround(ByDivision):
    """The largest value to 128, which int8 does not have."""

    @staticmethod
    def quantise_rows(*, x):
        out = rows_of(x, lambda top: top / F(128), lambda v, s, _: v / s, limit=300)
        return {**out, "scale": out["scale"]}


class TruncatedFloat8(ByDivision):
    """Digits of float8 cut off."""

    @staticmethod
    def quantise_blocks(*, y):
        def to(r):
            _, exponent = np.frexp(r.astype(np.float64))
            unit = np.ldexp(1.0, np.maximum(exponent - 1, -6) - 3)
            return (np.trunc(r / unit) * unit).astype(F).astype(E4M3)

        return blocks_of(y, to=to)


class FlushedFloat8(ByDivision):
    """Subnormal numbers of float8 are zero."""

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y, to=lambda r: np.where(np.abs(r) < 2.0**-6, F(0), r).astype(E4M3))


class ScaleOfTheRow(ByDivision):
    """One scale for all blocks of a row."""

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y, axis=(-1, -2))


class NeighbourScale(ByDivision):
    """Quants go by the scale of the block before."""

    @staticmethod
    def quantise_blocks(*, y):
        return blocks_of(y, lambda v, s: v / np.maximum(np.roll(s, 1, axis=1), F(1e-30)))


class ZerosDivided(ByDivision):
    """A block of zeros is divided by its scale of zero, and float8 writes NaN (kernels-community 681, aiter 4288)."""

    @staticmethod
    def quantise_blocks(*, y):
        groups = y.astype(F).reshape(len(y), -1, 128)
        s = np.abs(groups).max(-1, keepdims=True) / F(448)
        with np.errstate(all="ignore"):
            return {"scale": s[..., 0].copy(), "quants": (groups / s).astype(E4M3)}


class NotClamped(ByDivision):
    """Values are not clamped before the conversion, and the scale is a hair too small: NaN (transformers 42775)."""

    @staticmethod
    def quantise_blocks(*, y):
        out = blocks_of(y)
        groups = y.astype(F).reshape(len(y), -1, 128)
        s = (np.abs(groups).max(-1, keepdims=True) / F(480)).astype(F)
        with np.errstate(all="ignore"):
            quants = np.where(s > 0, groups / s, F(0)).astype(F).astype(E4M3)
        return {"scale": out["scale"], "quants": quants}


RIGHT = (ByDivision, ByReciprocal, Float64)
WRONG = (
    CutOff, FloorOfHalfMore, OneScale, WrapsAround, TruncatedFloat8, FlushedFloat8, ScaleOfTheRow, NeighbourScale,
    ZerosDivided, NotClamped,
)  # fmt: skip
