"""What the port raises."""


class PortError(Exception):
    """Everything that is refused on purpose."""


class Misfit(PortError):
    """Lengths, counts or byte ranges that do not go together."""


class NoSuchTensor(Misfit):
    """A tensor that is looked for and not there."""


class NotComputed(PortError):
    """Well formed, but nothing here computes it."""


class Poisoned(PortError):
    """A number that is infinite or no number."""


class BrokenFile(PortError):
    """Bytes that are not what their format says."""


class WrongMagic(BrokenFile):
    """The first four bytes are those of another format."""


class WrongLength(BrokenFile):
    """More or fewer bytes than the header counts."""


class NoSuchStage(PortError):
    """A stage of a trace that nobody knows."""
