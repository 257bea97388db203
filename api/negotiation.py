"""What the headers of a request to the graph decide: the media type of the answer, and whose page may ask at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.errors import RequestError

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"

CLIENT_HEADER = "X-Guibin-Client"

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def choose_media_type(headers: Headers) -> str:
    """The media type of the answer by Accept, else 406.

    Without a wish of the client (`*/*`, or no header) it is application/json, as the specification has it for clients
    that are older than `application/graphql-response+json`; of two equal wishes the newer type wins, as it alone tells
    a refused request (4xx) from an executed one.
    """
    accepted = ",".join(headers.getlist("accept"))
    if not accepted.strip():
        return JSON
    wishes = {GRAPHQL_RESPONSE: (0.0, 0), JSON: (0.0, 0)}
    for part in accepted.split(","):
        name, quality = _wish(part)
        for offered in wishes:
            exactness = _exactness(name, offered)
            # The most exact range decides about a type, wherever it stands: `*/*, application/json;q=0` excludes it.
            if exactness > wishes[offered][1] or (
                exactness == wishes[offered][1] > 0 and quality > wishes[offered][0]
            ):
                wishes[offered] = (quality, exactness)
    newer, older = wishes[GRAPHQL_RESPONSE], wishes[JSON]
    if newer[0] == older[0] == 0.0:
        raise RequestError(
            "NOT_ACCEPTABLE", f"The answer is {GRAPHQL_RESPONSE} or {JSON}. Accept one of them.", status=406
        )
    if newer[1] == 3:
        return GRAPHQL_RESPONSE if newer[0] >= older[0] else JSON
    return JSON if older[0] else GRAPHQL_RESPONSE


def check_same_site(headers: Headers) -> None:
    """Refuse (403) what another site's page made a browser send: by Sec-Fetch-Site, or by Origin where that is absent.

    With a cookie the client header is required too: no form or link can set it, and a script of another site may not.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise _cross_site("The request comes from another site.")
    origin = headers.get("origin")
    if site is None and origin is not None and not _is_own(origin, headers.get("host", "")):
        raise _cross_site("The request comes from another origin.")
    if "cookie" in headers and CLIENT_HEADER not in headers:
        raise _cross_site(f"A request with a cookie needs the header {CLIENT_HEADER} (any value).")


def _wish(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            quality = _quality(value.strip())
        elif key.strip() == "charset" and value.strip().strip('"') != "utf-8":
            quality = 0.0
    return name, quality


def _quality(text: str) -> float:
    return float(text) if _QUALITY.fullmatch(text) else 0.0


def _exactness(name: str, offered: str) -> int:
    if name == offered:
        return 3
    return {"application/*": 2, "*/*": 1}.get(name, 0)


def _is_own(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == host.lower() != ""
    except ValueError:
        return False


def _cross_site(message: str) -> RequestError:
    return RequestError("CROSS_SITE", message, status=403)
