"""Styles and scripts, each under a path that names its content, so that browsers may keep it for ever."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from doorstep.web.fixed import Fixed

_FOLDER = Path(__file__).parents[1] / "assets"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
}
_FOR_EVER = ((b"cache-control", b"public, max-age=31536000, immutable"),)


class Assets:
    """The files of `assets/`, read once. `path_of("doorstep.css")` is where a file is served."""

    def __init__(self) -> None:
        found = [path for path in sorted(_FOLDER.rglob("*")) if path.suffix in _KINDS and path.is_file()]
        bodies = {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in found}
        self._paths = {name: f"/assets/{_mark(body)}-{name.replace('/', '-')}" for name, body in bodies.items()}
        self._bodies = bodies

    def path_of(self, name: str) -> str:
        """The path of a file, which changes with its content. A file that is not there is a bug."""
        return self._paths[name]

    def doors(self) -> Mapping[str, Fixed]:
        """What answers, by path."""
        return {
            self._paths[name]: Fixed(_KINDS[Path(name).suffix], body, _FOR_EVER) for name, body in self._bodies.items()
        }


def _mark(body: bytes) -> str:
    return sha256(body).hexdigest()[:12]
