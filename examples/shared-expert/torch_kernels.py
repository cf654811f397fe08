"""torch's own functions in the order of Qwen2-MoE."""

import torch


class Torch:
    """silu, sigmoid and linear of torch.nn.functional."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        x, routed, w_gate, w_up, w_down, w_share = map(torch.from_numpy, (x, routed, w_gate, w_up, w_down, w_share))
        linear = torch.nn.functional.linear
        shared = linear(torch.nn.functional.silu(linear(x, w_gate)) * linear(x, w_up), w_down)
        return {"y": (torch.sigmoid(linear(x, w_share[None])) * shared + routed).numpy()}


RIGHT = (Torch,)
