"""What the generated Python client lacks: `deepObject`, as in `options[characters]=false`.

OpenAPI Generator 7.26.0 sends such a parameter as one JSON text under its own name, which this service
refuses. Give the API classes this client in place of `ApiClient`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starwars_client import ApiClient


class DeepObjectClient(ApiClient):
    """Writes objects in the query as `name[member]=value`."""

    def parameters_to_url_query(self, params: Any, collection_formats: Any) -> str:
        """The query, written."""
        flat = list(_flat(params))
        return str(super().parameters_to_url_query(flat, collection_formats))  # type: ignore[no-untyped-call]


def _flat(params: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in params:
        if isinstance(value, dict):
            yield from ((f"{name}[{member}]", inner) for member, inner in value.items())
        else:
            yield name, value
