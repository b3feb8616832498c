"""Errors of downloads, and the translation of the network libraries' exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as wire

from trainer.errors import DatasetError, Message

TRY_LATER = Message("Try again later: what has arrived is kept, and the rest is fetched then.")
ANOTHER_ADDRESS = Message(
    "Another address can be given: python -m trainer datasets fetch NAME --mirror URL."
)
OTHER_ADDRESS = Message(
    "The address may have moved. {another_address}", another_address=ANOTHER_ADDRESS
)
_NO_ADDRESS = "Expected an address such as https://host/folder/. Received: {url}."
_CORRECT = "Correct the address after --mirror, or in the environment."
_NETWORK = Message("Look at the network connection, then try again: what has arrived is kept.")


class AddressError(DatasetError):
    """An unusable address; the next mirror may work."""


class PassingError(AddressError):
    """A transient fault, worth a retry.

    Parameters
    ----------
    retry_after : float or None
        Seconds to wait, if the server says so.
    """

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class BrokenOffError(PassingError):
    """A connection that ended before the file did."""


class NoNetworkError(AddressError):
    """A host name that cannot be resolved."""


class NoRangesError(AddressError):
    """A server that does not support range requests."""


def host_of(url: str) -> str:
    """Return the server's name, for a message."""
    return urlsplit(url).netloc or url


def check_address(url: str) -> None:
    """Check that a string is an HTTP address.

    Raises
    ------
    AddressError
        If it is none.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise AddressError(_NO_ADDRESS, _CORRECT).format(url=url)


def web_page(url: str, expected: str) -> AddressError:
    """Return the error for a web page instead of a file."""
    return AddressError(
        "Expected {expected} from {url}. Received: a web page.",
        "Open the address in a browser: it may have moved, or the network may ask "
        "to log in. {another_address}",
    ).format(expected=expected, url=url, another_address=ANOTHER_ADDRESS)


def status_error(response: requests.Response, url: str) -> AddressError:
    """Return the error for a response status."""
    status = response.status_code
    answer = f"{status} {response.reason or ''}".strip()
    match status:
        case 404 | 410:
            return AddressError("There is nothing at {url} ({answer}).", OTHER_ADDRESS).format(
                url=url, answer=answer
            )
        case 401 | 403 | 407 | 451:
            return AddressError(
                "{host} refuses to give {url} ({answer}).",
                "Open the address in a browser. {another_address}",
            ).format(host=host_of(url), url=url, answer=answer, another_address=ANOTHER_ADDRESS)
        case 408 | 425 | 429 | 500 | 502 | 503 | 504:
            return PassingError(
                "{host} is busy or out of order ({answer}).",
                TRY_LATER,
                _seconds(response.headers.get("Retry-After", "")),
            ).format(host=host_of(url), answer=answer)
        case _:
            return AddressError("{host} answers {answer} to {url}.", OTHER_ADDRESS).format(
                host=host_of(url), answer=answer, url=url
            )


def _seconds(retry_after: str) -> float | None:
    """Read ``Retry-After``: seconds, or a date (RFC 9110, 10.2.3)."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())


_FAULTS: tuple[tuple[tuple[type[Exception], ...], type[AddressError], str, str], ...] = (
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
            wire.LocationValueError,
        ),
        AddressError,
        _NO_ADDRESS,
        _CORRECT,
    ),
    (
        (requests.exceptions.SSLError, wire.SSLError),
        AddressError,
        Message("The identity of {host} cannot be verified: {reason}."),
        Message("Look at this computer's date; else something in the network stands in between."),
    ),
    (
        (requests.exceptions.ProxyError, wire.ProxyError),
        AddressError,
        Message("The proxy on the way to {host} cannot be used: {reason}."),
        Message("Look at the network's settings (HTTPS_PROXY)."),
    ),
    (
        (wire.NameResolutionError,),
        NoNetworkError,
        Message("{host} cannot be found: there seems to be no network."),
        Message(
            "{advice} The starter set needs no network: python -m trainer datasets fetch starter.",
            advice=_NETWORK,
        ),
    ),
    (
        (requests.ReadTimeout, wire.ReadTimeoutError),
        PassingError,
        Message("{host} has not sent anything for a while (timeout)."),
        TRY_LATER,
    ),
    (
        (requests.ConnectTimeout, wire.ConnectTimeoutError, wire.NewConnectionError),
        AddressError,
        Message("{host} cannot be reached: {reason}."),
        _NETWORK,
    ),
    (
        (requests.TooManyRedirects,),
        AddressError,
        Message("{host} sends from one address to the next."),
        OTHER_ADDRESS,
    ),
)
"""Exceptions among an error's causes: the error to raise instead, its sentence and hint."""


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Translate the exceptions of the network libraries."""
    try:
        yield
    except (requests.RequestException, wire.HTTPError) as error:
        raise _network_error(error, url) from error


def _network_error(error: Exception, url: str) -> AddressError:
    causes = tuple(_causes(error))
    host = host_of(url)
    for kinds, kind, sentence, hint in _FAULTS:
        if any(isinstance(cause, kinds) for cause in causes):
            return kind(sentence, hint).format(host=host, url=url, reason=_system_message(causes))
    return BrokenOffError("The connection to {host} broke off.", TRY_LATER).format(host=host)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all the exceptions that it wraps."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]


def _system_message(causes: tuple[BaseException, ...]) -> str:
    """Return the operating system's message, without the libraries' wrapping."""
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return "no answer in time"
