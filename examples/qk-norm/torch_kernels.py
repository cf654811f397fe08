"""Queries and keys as Qwen3 in Hugging Face's models has them: rms_norm of each head, rotate_half."""

import torch
from torch.nn.functional import rms_norm


class RotateHalf:
    """Cosines and sines for all heads, repeated for both halves."""

    @staticmethod
    def qk_norm_rope(*, qkv, q_weight, k_weight, inv_freq, positions, q_heads, kv_heads):
        width, turned = len(q_weight), 2 * len(inv_freq)
        heads = torch.from_numpy(qkv).unflatten(1, (-1, width))
        angle = torch.outer(torch.from_numpy(positions).float(), torch.from_numpy(inv_freq)).repeat(1, 2)[:, None]
        for part, weight in ((heads[:, :q_heads], q_weight), (heads[:, q_heads : q_heads + kv_heads], k_weight)):
            x = rms_norm(part, (width,), torch.from_numpy(weight), 1e-6)
            low, high = x[..., :turned].chunk(2, -1)
            x[..., :turned] = x[..., :turned] * angle.cos() + torch.cat([-high, low], -1) * angle.sin()
            part.copy_(x)


RIGHT = (RotateHalf,)
