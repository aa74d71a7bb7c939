"""A journal: effects in the order in which they happened, one JSON line each, which several processes may share.

Each effect is one unbuffered append to the file while the file's lock is held, and whoever takes the lock first reads
what the others appended since. So a decision taken inside `with journal:` knows everything that was ever answered. A
process that dies in the middle of a line has answered nothing yet: the torn line is cut off by the next one to come.

The file outlives the process, not the machine's power supply: lines are not forced to disk. A journal belongs to one
event loop; each process opens its own.
"""

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

import msgspec

Line = TypeVar("Line", bound=msgspec.Struct)

_CHUNK_BYTES = 16_000_000  # far above the longest line


class JournalUnreadable(Exception):
    """The file is not a journal of this kind, or somebody changed it by hand."""


class Journal(Generic[Line]):
    """Hands each line to `apply` exactly once: those found in the file, those of other processes, and one's own.

    Without a path nothing is written and the journal lives as long as its owner.
    """

    def __init__(self, line: type[Line], apply: Callable[[Line], None], path: Path | None = None) -> None:
        self._apply = apply
        self._path = path
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(line)
        self._offset = 0
        self._file = -1
        if path is not None:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with self:
                pass

    def __enter__(self) -> None:
        """Take the lock and catch up with what others wrote."""
        if self._file < 0:
            return
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            self._catch_up()
        except BaseException:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file >= 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def append(self, line: Line) -> None:
        """Write one line, then apply it. Only inside `with journal:`."""
        if self._file >= 0:
            self._write(self._encoder.encode(line) + b"\n")
        self._apply(line)

    def close(self) -> None:
        """Give the file back. Afterwards the journal must not be used."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, text: bytes) -> None:
        written = os.write(self._file, text)
        if written != len(text):
            os.ftruncate(self._file, self._offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        self._offset += written

    def _catch_up(self) -> None:
        size = os.fstat(self._file).st_size
        if size < self._offset:
            raise JournalUnreadable(f"{self._path} became shorter than what was read from it: was it replaced?")
        while self._offset < size:
            chunk = os.pread(self._file, min(_CHUNK_BYTES, size - self._offset), self._offset)
            whole = chunk.rfind(b"\n") + 1
            if not whole:
                os.ftruncate(self._file, self._offset)
                return
            self._take(chunk[:whole])

    def _take(self, text: bytes) -> None:
        try:
            lines = self._decoder.decode_lines(text)
        except msgspec.DecodeError as error:
            raise JournalUnreadable(f"{self._path}, in the lines from byte {self._offset}: {error}") from error
        for line in lines:
            self._apply(line)
        self._offset += len(text)
