"""A site made of strings, for pages that are wrong on purpose."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from doorstep.serving import listening
from doorstep.web.asgi import Receive, Scope, Send
from tests.stories.shop import free_port

Files = Mapping[str, str]

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"


def page(body: str, head: str = "") -> str:
    """A whole page that has nothing wrong with it but its body, or what is added to its head."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css">{head}</head><body><main><h1>A page</h1>{body}</main></body></html>'
    )


@asynccontextmanager
async def serving_site(body: str, style: str = "", script: str = "", head: str = "") -> AsyncIterator[str]:
    """The address of a page at `/` with a style and a script; whatever else is asked for is missing."""
    added = f'{head}<script src="/script.js" defer></script>' if script else head
    files = {"/": page(body, added), "/style.css": style, "/script.js": script}
    port = free_port()

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        path = scope["path"]
        kind = _TYPES.get(path.rpartition(".")[2], "text/html")
        headers = [(b"content-type", f"{kind}; charset=utf-8".encode()), (b"content-security-policy", _POLICY.encode())]
        await send({"type": "http.response.start", "status": 200 if path in files else 404, "headers": headers})
        await send(
            {
                "type": "http.response.body",
                "body": files.get(path, "There is nothing here.").encode(),
                "more_body": False,
            }
        )

    async with listening(answer, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"
