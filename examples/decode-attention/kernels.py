"""One head of attention with rotated positions: the prompt at once, and token by token with a cache."""

import numpy as np

F = np.float32


def rotated(x, cosine, sine):
    return x * cosine + np.roll(x, 2, -1) * sine


def softmax(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def whole(x, wq, wk, wv, cosine, sine, seen=0):
    cosine, sine = cosine[: len(x)], sine[: len(x)]
    q, k = rotated(x @ wq, cosine, sine), rotated(x @ wk, cosine, sine)
    scores = np.where(np.tri(len(x), k=seen, dtype=bool), q @ k.T * F(0.5), F(-np.inf))
    return softmax(scores) @ (x @ wv)


def stored(token, position, keys, values, wk, wv, cosine, sine):
    """Copies of the cache with the token in it."""
    keys, values = keys.copy(), values.copy()
    keys[position] = rotated(token @ wk, cosine[position], sine[position])
    values[position] = token @ wv
    return keys, values


def one(query, keys, values, length):
    """What a query gets of the first tokens of a cache."""
    return softmax(keys[:length] @ query * F(0.5)) @ values[:length]


class Whole:
    """Scores of all tokens at once, and of all slots of the cache that are in use."""

    @staticmethod
    def prefill(*, x, wq, wk, wv, cosine, sine):
        return {"out": whole(x, wq, wk, wv, cosine, sine)}

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        keys, values = stored(token, position, keys, values, wk, wv, cosine, sine)
        query = rotated(token @ wq, cosine[position], sine[position])
        return {"keys": keys, "values": values, "out": one(query, keys, values, position + 1)}


class Running(Whole):
    """Key by key, with a running maximum and sum; the scale is in the query."""

    @staticmethod
    def prefill(*, x, wq, wk, wv, cosine, sine):
        cosine, sine = cosine[: len(x)], sine[: len(x)]
        queries, keys = rotated(x @ wq, cosine, sine), rotated(x @ wk, cosine, sine)
        return {"out": np.stack([running(q, keys[: t + 1], x @ wv) for t, q in enumerate(queries)])}

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        keys, values = stored(token, position, keys, values, wk, wv, cosine, sine)
        query = rotated(token @ wq, cosine[position], sine[position])
        return {"keys": keys, "values": values, "out": running(query, keys[: position + 1], values)}


def running(query, keys, values):
    largest, total, out = F(-np.inf), F(0), np.zeros(4, F)
    for key, value in zip(keys, values, strict=False):
        score = (query * F(0.5)) @ key
        grown = max(largest, score)
        again, weight = np.exp(largest - grown), np.exp(score - grown)
        largest, total, out = grown, total * again + weight, out * again + weight * value
    return out / total


class PrefillSeesTheFuture(Whole):
    """TinyLLM 17: the mask is left out of the prompt, because there is a cache."""

    @staticmethod
    def prefill(*, x, wq, wk, wv, cosine, sine):
        return {"out": whole(x, wq, wk, wv, cosine, sine, len(x))}


class WrittenOneSlotOn(Whole):
    """onnxruntime-genai 2354: from the second token on the cache is written and read one slot too far."""

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        slot = min(position + (position > 0), len(keys) - 1)
        keys, values = keys.copy(), values.copy()
        keys[slot] = rotated(token @ wk, cosine[position], sine[position])
        values[slot] = token @ wv
        query = rotated(token @ wq, cosine[position], sine[position])
        return {"keys": keys, "values": values, "out": one(query, keys, values, slot + 1)}


class RotatedOneFurther(Whole):
    """Decoding counts the token itself: it is rotated to the position after its own."""

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        turned = min(position + 1, len(cosine) - 1)
        keys, values = keys.copy(), values.copy()
        keys[position] = rotated(token @ wk, cosine[turned], sine[turned])
        values[position] = token @ wv
        query = rotated(token @ wq, cosine[turned], sine[turned])
        return {"keys": keys, "values": values, "out": one(query, keys, values, position + 1)}


class SeesOldSlots(Whole):
    """The whole cache is read, with what lies in it of an earlier sequence."""

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        keys, values = stored(token, position, keys, values, wk, wv, cosine, sine)
        query = rotated(token @ wq, cosine[position], sine[position])
        return {"keys": keys, "values": values, "out": one(query, keys, values, len(keys))}


class CachedBeforeItIsRotated(Whole):
    """The key is stored as it was before its rotation; this token's own score is right."""

    @staticmethod
    def decode(*, token, position, keys, values, wq, wk, wv, cosine, sine):
        keys, values = stored(token, position, keys, values, wk, wv, cosine, sine)
        query = rotated(token @ wq, cosine[position], sine[position])
        out = one(query, keys, values, position + 1)
        keys[position] = token @ wk
        return {"keys": keys, "values": values, "out": out}


class KeepsItsOwnCache(Whole):
    """The cache of the call before is kept inside, and what is given is ignored."""

    def __init__(self):
        self.keys, self.values = {}, {}

    def decode(self, *, token, position, keys, values, wq, wk, wv, cosine, sine):
        keys, values = self.keys.get(keys.shape, keys), self.values.get(values.shape, values)
        keys, values = stored(token, position, keys, values, wk, wv, cosine, sine)
        self.keys[keys.shape], self.values[values.shape] = keys.copy(), values.copy()
        query = rotated(token @ wq, cosine[position], sine[position])
        return {"keys": keys, "values": values, "out": one(query, keys, values, position + 1)}


RIGHT = (Whole, Running)
WRONG = (
    PrefillSeesTheFuture, WrittenOneSlotOn, RotatedOneFurther, SeesOldSlots, CachedBeforeItIsRotated, KeepsItsOwnCache,
)  # fmt: skip
