"""Reading little-endian values from a buffer, never past its end."""

from __future__ import annotations

import struct
from typing import Final

from impl.errors import MalformedFile, UnsupportedOperation

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")

MAX_STEPS: Final = 2**22
"""Strings and arrays in the arrays of one file, which are stepped over one by one. The largest vocabularies have
262,144 tokens and twice as many merges; 100 GB of zeros, which a sparse file holds in no space, are 10^10 strings."""


class Cursor:
    """A position in a buffer. Each read checks what is left first and refuses with ``MalformedFile``.

    A file with more things than the stated limits is refused with ``UnsupportedOperation`` before they are read.
    """

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0
        self._steps_left = MAX_STEPS

    @property
    def left(self) -> int:
        """Bytes between the position and the end."""
        return len(self.data) - self.at

    def need(self, size: int, what: str) -> None:
        """Refuse unless ``size`` more bytes are there."""
        if size > self.left:
            raise MalformedFile(
                f"byte {self.at} ({what})", f"{size} more bytes", f"{self.left} before the end of the file"
            )

    def bytes(self, size: int, what: str) -> bytes:
        """The next ``size`` bytes."""
        self.need(size, what)
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def u32(self, what: str) -> int:
        """An unsigned 32-bit integer."""
        value: int = _U32.unpack(self.bytes(4, what))[0]
        return value

    def u64(self, what: str) -> int:
        """An unsigned 64-bit integer."""
        value: int = _U64.unpack(self.bytes(8, what))[0]
        return value

    def count(self, least: int, what: str, most: int | None = None) -> int:
        """A 64-bit count of things of at least ``least`` bytes each; refused where they cannot all be there.

        This bounds every loop and allocation by the size of the file, and by ``most``.
        """
        at = self.at
        value = self.u64(what)
        if value * least > self.left:
            raise MalformedFile(
                f"byte {at} ({what})",
                f"at most {self.left // least}, as {self.left} bytes are left and each takes {least} or more",
                str(value),
            )
        if most is not None and value > most:
            raise UnsupportedOperation("read_gguf", f"byte {at} ({what}): {value}, of which at most {most} are read")
        return value

    def steps(self, least: int, what: str) -> int:
        """A count as above, of things that are stepped over one by one: ``MAX_STEPS`` in the whole file."""
        value = self.count(least, what, self._steps_left)
        self._steps_left -= value
        return value

    def string(self, what: str) -> str:
        """A string: 64-bit length, then UTF-8."""
        size = self.u64(f"length of {what}")
        at = self.at
        raw = self.bytes(size, what)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            bad = raw[error.start : error.start + 4].hex(" ")
            raise MalformedFile(f"byte {at + error.start} ({what})", "UTF-8", f"bytes {bad}") from None

    def skip_strings(self, count: int, what: str) -> None:
        """Step over ``count`` strings without reading them; their lengths are checked, their text is not."""
        data, at, end = self.data, self.at, len(self.data)
        length_at = _U64.unpack_from
        for index in range(count):
            if at + 8 > end:
                raise MalformedFile(f"byte {at} ({what}, string {index})", "8 more bytes", f"{end - at}")
            size = length_at(data, at)[0]
            at += 8 + size
            if at > end:
                raise MalformedFile(
                    f"byte {at - size} ({what}, string {index})",
                    f"{size} more bytes",
                    f"{end - at + size} before the end of the file",
                )
        self.at = at
