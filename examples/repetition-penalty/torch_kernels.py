"""The repetition penalty with torch's gather and scatter."""

import torch


class TorchScatter:
    """As transformers' RepetitionPenaltyLogitsProcessor."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        scores, ids = torch.from_numpy(logits)[None], torch.from_numpy(history)[None]
        score = torch.gather(scores, 1, ids)
        score = torch.where(score < 0, score * float(penalty), score / float(penalty))
        return {"logits": scores.scatter(1, ids, score)[0].numpy()}


RIGHT = (TorchScatter,)
