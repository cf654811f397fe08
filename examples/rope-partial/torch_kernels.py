"""Rotary position embedding in halves of the first entries, with torch."""

import torch


class Halves:
    """Tables by an outer product in float32, as libraries keep them."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        x, half = torch.from_numpy(x), len(inv_freq)
        angle = torch.outer(torch.from_numpy(positions).float(), torch.from_numpy(inv_freq)).repeat(1, 2)
        part = x[:, : 2 * half]
        swapped = torch.cat([-part[:, half:], part[:, :half]], 1)
        return {"out": torch.cat([part * angle.cos() + swapped * angle.sin(), x[:, 2 * half :]], 1).numpy()}


RIGHT = (Halves,)
