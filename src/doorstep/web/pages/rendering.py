"""From a template and what fills it to a page: Jinja2, escaped, one environment for each language."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from doorstep.kernel.clock import from_ms
from doorstep.web.language import LANGUAGES, Language
from doorstep.web.pages.assets import Assets
from doorstep.web.pages.page import Shown, Visit
from doorstep.web.pages.places import places
from doorstep.web.pages.tokens import form_token

_FOLDER = Path(__file__).parents[1] / "templates"


class Rendering:
    """Makes pages. Each language has its own environment, made when it is first spoken."""

    def __init__(self, assets: Assets, store_name: str, currency: str) -> None:
        self._assets = assets
        self._shared = {
            "places": places,
            "store_name": store_name,
            "currency": currency,
            "asset": assets.path_of,
            "languages": LANGUAGES,
        }
        self._environments: dict[str, _Spoken] = {}

    def page(self, shown: Shown, visit: Visit) -> bytes:
        """The whole page."""
        spoken = self._environments.get(visit.language.code)
        if spoken is None:
            spoken = self._environments[visit.language.code] = _Spoken(visit.language, self._shared)
        template = spoken.environment.get_template(shown.template)
        given = {"visit": visit, "now": visit.now, "csrf": lambda: form_token(visit.secret), **shown.fill}
        return template.render(given).encode()


class _Spoken:
    """The environment of a language."""

    def __init__(self, language: Language, shared: Mapping[str, Any]) -> None:
        self._language = language
        self._shared = shared

    @cached_property
    def environment(self) -> Environment:
        """Templates with the texts and the ways of writing of this language."""
        made = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        texts, language = self._language.texts, self._language
        made.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
        made.globals |= {**self._shared, "language": language}
        made.filters |= {
            "money": language.money,
            "number": language.number,
            "percent": language.percent,
            "span": language.span,
            "when": _when,
            "from_ms": from_ms,
            "label": lambda word: language.label(str(word)),
        }
        return made


@pass_context
def _when(context: Context, moment: datetime | None) -> Markup:
    """A time, briefly, with the full one to be pointed at and read by programs."""
    if moment is None:
        return Markup("–")
    language: Language = context["language"]
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(), language.full(moment), language.short(moment, context["now"])
    )
