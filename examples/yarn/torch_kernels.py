"""Tables of cosines and sines, stretched as YaRN does it, with torch."""

import math

import torch


class Mixed:
    """A mix of both frequencies by the ramp."""

    @staticmethod
    def table(*, inv_freq, low, high, factor, positions):
        given = torch.from_numpy(inv_freq)
        ramp = ((torch.arange(len(inv_freq)).float() - low) / (high - low)).clamp(0, 1)
        angle = torch.outer(torch.from_numpy(positions).float(), given / factor * ramp + given * (1 - ramp))
        scale = 0.1 * math.log(factor) + 1
        return {"cosine": (angle.cos() * scale).numpy(), "sine": (angle.sin() * scale).numpy()}


RIGHT = (Mixed,)
