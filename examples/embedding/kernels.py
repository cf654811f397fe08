"""Table lookup."""

import numpy as np

F = np.float32


class Taken:
    """An index array."""

    @staticmethod
    def look_up(*, table, ids):
        return {"rows": table[ids]}


class Copied:
    """Row by row."""

    @staticmethod
    def look_up(*, table, ids):
        out = np.empty((len(ids), table.shape[1]), F)
        for place, token in enumerate(ids):
            out[place] = table[int(token)]
        return {"rows": out}


class Bytes:
    """Ids are cut to a byte."""

    @staticmethod
    def look_up(*, table, ids):
        return {"rows": table[ids & 255]}


class Sorted:
    """The rows come in the order of the table."""

    @staticmethod
    def look_up(*, table, ids):
        return {"rows": table[np.sort(ids)]}


class Halved:
    """Rows pass through float16."""

    @staticmethod
    def look_up(*, table, ids):
        with np.errstate(all="ignore"):
            return {"rows": table[ids].astype(np.float16).astype(F)}


RIGHT = (Taken, Copied)
WRONG = (Bytes, Sorted, Halved)
