"""Rotary position embedding in halves with torch: rotate_half, with cosines and sines for both halves."""

import torch


class RotateHalf:
    """x * cos + rotate_half(x) * sin."""

    @staticmethod
    def rotate(*, x, cosines, sines):
        x, c, s = torch.from_numpy(x), torch.from_numpy(cosines).repeat(1, 2), torch.from_numpy(sines).repeat(1, 2)
        low, high = x.chunk(2, -1)
        return {"out": (x * c + torch.cat([-high, low], -1) * s).numpy()}


RIGHT = (RotateHalf,)
