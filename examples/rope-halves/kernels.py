"""Rotary embedding."""

import numpy as np

F = np.float32


class Halves:
    """Both halves at once."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = np.split(x, 2, axis=1)
        return {"out": np.concatenate([a * cosines - b * sines, b * cosines + a * sines], 1)}


class Turned:
    """x times cosines plus the turned x times sines."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = np.split(x, 2, axis=1)
        turned = np.concatenate([-b, a], 1)
        return {"out": x * np.tile(cosines, 2) + turned * np.tile(sines, 2)}


class Neighbours:
    """Entries 2i and 2i + 1 are taken for a pair."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = x[:, ::2], x[:, 1::2]
        return {"out": np.stack([a * cosines - b * sines, b * cosines + a * sines], 2).reshape(x.shape)}


class OtherWay:
    """Rotated by minus the angle."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = np.split(x, 2, axis=1)
        return {"out": np.concatenate([a * cosines + b * sines, b * cosines - a * sines], 1)}


class SignForgotten:
    """The turned half is not negated: b, a for -b, a."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        turned = np.concatenate(np.split(x, 2, axis=1)[::-1], 1)
        return {"out": x * np.tile(cosines, 2) + turned * np.tile(sines, 2)}


class InPlace:
    """The second half is turned with the first half's new values."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = np.split(x.copy(), 2, axis=1)
        a[:] = a * cosines - b * sines
        return {"out": np.concatenate([a, b * cosines + a * sines], 1)}


class TablesTakenInTurn:
    """The tables are repeated entry by entry, as for neighbours, and not half by half."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        a, b = np.split(x, 2, axis=1)
        turned = np.concatenate([-b, a], 1)
        return {"out": x * np.repeat(cosines, 2, axis=1) + turned * np.repeat(sines, 2, axis=1)}


RIGHT = (Halves, Turned)
WRONG = (Neighbours, OtherWay, SignForgotten, InPlace, TablesTakenInTurn)
