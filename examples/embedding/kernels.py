"""Table lookup."""

import numpy as np

F = np.float32


class UnknownToken(Exception):
    """A token that the table has no row for."""


def check(table, ids):
    if (ids < 0).any() or (ids >= len(table)).any():
        raise UnknownToken(f"a token is not among {len(table)}")


class Taken:
    """An index array."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        return {"rows": table[ids]}


class Copied:
    """Row by row."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        rows = np.empty((len(ids), table.shape[1]), F)
        for place, token in enumerate(ids):
            rows[place] = table[token]
        return {"rows": rows}


class Bytes:
    """Ids are cut to a byte."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        return {"rows": table[ids & 255]}


class Sorted:
    """The rows come in the order of the table."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        return {"rows": table[np.sort(ids)]}


class Halved:
    """Rows pass through float16."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        with np.errstate(over="ignore"):
            return {"rows": table[ids].astype(np.float16).astype(F)}


class LastRowLost:
    """The last token of the vocabulary counts as padding, and its row is zero."""

    @staticmethod
    def look_up(*, table, ids):
        check(table, ids)
        return {"rows": np.where((ids == len(table) - 1)[:, None], F(0), table[ids])}


class FromTheEnd:
    """Negative tokens count from the end of the table, as in NumPy."""

    @staticmethod
    def look_up(*, table, ids):
        if (ids >= len(table)).any():
            raise UnknownToken(f"a token is not among {len(table)}")
        return {"rows": table[ids]}


class Clamped:
    """Tokens out of range are moved to the nearest row, without a word."""

    @staticmethod
    def look_up(*, table, ids):
        return {"rows": table[np.clip(ids, 0, len(table) - 1)]}


RIGHT = (Taken, Copied)
WRONG = (Bytes, Sorted, Halved, LastRowLost, FromTheEnd, Clamped)
