"""The causal convolution with torch: conv1d with a group for each channel."""

import torch
from torch.nn import functional


class Conv1d:
    """The tokens before are put in front instead of padding; one token is a window that fits exactly."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        seen = torch.cat([torch.from_numpy(state), torch.from_numpy(x)])
        kernel = torch.from_numpy(weight)[:, None]
        y = functional.silu(functional.conv1d(seen.T[None], kernel, torch.from_numpy(bias), groups=len(kernel)))
        return {"y": y[0].T.contiguous().numpy(), "state": seen[len(x) :].contiguous().numpy()}

    @staticmethod
    def update(*, token, weight, bias, state):
        found = Conv1d.convolve(x=token[None], weight=weight, bias=bias, state=state)
        return {"y": found["y"][0], "state": found["state"]}


RIGHT = (Conv1d,)
