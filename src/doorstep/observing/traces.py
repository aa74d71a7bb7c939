"""OpenTelemetry traces, sent when an endpoint is set. The packages are optional and loaded here alone, at the start."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from doorstep.kernel.errors import Refused

_SERVICE = "doorstep"
Attributes = Mapping[str, str | int]


class Span(Protocol):
    """A span that is open."""

    def update_name(self, name: str) -> object:
        """Name it anew."""
        ...

    def set_attribute(self, name: str, value: str | int) -> object:
        """Say something that is known only later."""
        ...


class Spans(Protocol):
    """Makes spans."""

    def span(self, name: str, attributes: Attributes, parent: str = "") -> AbstractContextManager[Span]:
        """A span around a block; `parent` is a `traceparent` header."""
        ...

    def close(self) -> None:
        """Send what is left."""
        ...


class Traces:
    """Spans that are sent to a collector over HTTP. No attribute holds personal data or an address of a URL."""

    def __init__(self, endpoint: str) -> None:
        sdk = _part("opentelemetry.sdk.trace")
        export = _part("opentelemetry.sdk.trace.export")
        resources = _part("opentelemetry.sdk.resources")
        otlp = _part("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        self._propagation = _part("opentelemetry.trace.propagation.tracecontext").TraceContextTextMapPropagator()
        self._provider: Any = sdk.TracerProvider(
            resource=resources.Resource.create({"service.name": _SERVICE}), shutdown_on_exit=False
        )
        exporter = otlp.OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(export.BatchSpanProcessor(exporter))
        self._error = _part("opentelemetry.trace").StatusCode.ERROR
        self._tracer: Any = self._provider.get_tracer(_SERVICE)

    @contextmanager
    def span(self, name: str, attributes: Attributes, parent: str = "") -> Iterator[Span]:
        """See `Spans`."""
        context = self._propagation.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            context=context,
            attributes=dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException:
                span.set_status(self._error)  # without the words of the error, which may be personal
                raise

    def close(self) -> None:
        """See `Spans`."""
        self._provider.shutdown()


def _part(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Refused(
            "traces_missing",
            "DOORSTEP_OTLP_ENDPOINT is set, but the packages for traces are missing: install doorstep[traces].",
        ) from None
