"""Rotary position embedding of neighbouring pairs with torch: by real numbers, and by complex ones as in Llama."""

import torch


def angles(x, positions):
    width = x.shape[1]
    theta = 1.0 / (10000.0 ** (torch.arange(0, width, 2).float() / width))
    return torch.outer(torch.from_numpy(positions).float(), theta)


class Real:
    """Cosines and sines in float32."""

    @staticmethod
    def rotate(*, x, positions):
        angle, x = angles(x, positions), torch.from_numpy(x)
        even, odd, c, s = x[:, ::2], x[:, 1::2], angle.cos(), angle.sin()
        return {"out": torch.stack([even * c - odd * s, odd * c + even * s], -1).flatten(1).numpy()}


class Polar:
    """torch.polar and a complex product."""

    @staticmethod
    def rotate(*, x, positions):
        angle = angles(x, positions)
        pairs = torch.view_as_complex(torch.from_numpy(x).reshape(*angle.shape, 2))
        return {"out": torch.view_as_real(pairs * torch.polar(torch.ones_like(angle), angle)).flatten(1).numpy()}


RIGHT = (Real, Polar)
