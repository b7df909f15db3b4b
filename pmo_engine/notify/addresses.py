"""What an address may say: schemes, options and hosts from lists of what is allowed.

An address is one Apprise URL, or several with blanks or commas between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pmo_engine.model.frozen import dataclass
from pmo_engine.notify.errors import NotDeliverable
from pmo_engine.notify.hosts import Reach, is_listed, may_be_named

if TYPE_CHECKING:
    from collections.abc import Collection

_MAIL = frozenset({"from", "mode", "name", "pass", "reply", "smtp", "to", "user"})
_MATRIX = frozenset({"mode", "to", "token", "version"})
_WORKFLOWS = frozenset({"api-version", "id", "pa", "powerautomate", "route", "routeid"})
_WORKFLOWS |= {"sig", "signature", "ver", "workflow"}
# Services that carry text to a person or a web hook, with the options that say where to and by
# what right. No service writes a file, starts a program or shows something on this machine's own
# screen; no option says what is sent, with which method or headers, or how long it may take.
OPTIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("mailto", "mailtos"), _MAIL),
    **dict.fromkeys(("json", "jsons"), frozenset({"pass", "user"})),
    **dict.fromkeys(("gotify", "gotifys"), frozenset({"priority"})),
    **dict.fromkeys(("ntfy", "ntfys"), frozenset({"auth", "mode", "priority", "to", "token"})),
    **dict.fromkeys(("matrix", "matrixs"), _MATRIX),
    "slack": frozenset({"mode", "to", "token"}),
    **dict.fromkeys(("workflow", "workflows"), _WORKFLOWS),
}
ALLOWED = frozenset(OPTIONS)
"""The schemes that an address may begin with."""

MOST_URLS = 5
LONGEST = 2_000  # characters

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BETWEEN_URLS = re.compile(rf"[\s,]+(?={_URL.pattern})", re.IGNORECASE)
_MAILBOX = re.compile(r"[^@\s/]+@[^@\s/]+")
_WITHOUT_HOST = frozenset({"slack"})  # their host is the service's own
_HINT = "list it under 'notice_hosts' in pmo.toml if notices may go there"


@dataclass(frozen=True, slots=True)
class Place:
    """One URL of an address that was checked, and how far it may reach."""

    url: str
    scheme: str
    reach: Reach

    @property
    def server(self) -> str:
        """Name the server that it is about, without who logs in there."""
        return f"{self.scheme}://{_authority(self.url).rpartition('@')[2]}"


def urls_of(address: str, whose: str) -> list[str]:
    """Take an address apart; raises NotDeliverable where it is empty or too long."""
    urls = [url for url in _BETWEEN_URLS.split(address.strip(" \t\r\n,")) if url]
    if not urls:
        raise NotDeliverable(f"{whose} has no address")
    if len(address) > LONGEST or len(urls) > MOST_URLS:
        limits = f"{LONGEST} characters and {MOST_URLS} URLs"
        raise NotDeliverable(f"{whose}: an address has at most {limits}")
    return urls


def place_of(
    url: str, whose: str, schemes: frozenset[str] = ALLOWED, hosts: Collection[str] = ()
) -> Place:
    """Check one URL of an address; ``hosts`` are those that settings list.

    Raises:
        NotDeliverable: nothing can ever be sent there; says whose it is, why, and no password.
    """
    scheme = url.partition("://")[0] if _URL.match(url) else ""
    try:
        _check_form(url, scheme, schemes)
        return _checked(url, scheme.lower(), hosts)
    except NotDeliverable as error:
        raise NotDeliverable(f"{whose}: {error}") from None


def _checked(url: str, scheme: str, hosts: Collection[str]) -> Place:
    refuse_options(scheme, _options(url))
    mail = scheme.startswith("mailto")
    if mail:
        _check_mail(url)
    reach = Reach.MAIL if mail else Reach.PUBLIC
    return Place(url, scheme, _reach(url, scheme, reach, hosts))


def _check_form(url: str, scheme: str, schemes: frozenset[str]) -> None:
    if not scheme:
        raise NotDeliverable(
            "the address is no URL; a mailbox is written "
            "mailto://server/name@office.example?from=pmo@office.example"
        )
    if scheme.lower() not in schemes:
        allowed = ", ".join(sorted(schemes))
        raise NotDeliverable(f"an address may not begin with {scheme}://; allowed are {allowed}")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise NotDeliverable(f"{scheme}: an address has plain letters only; write others as %C3%A9")


def refuse_options(scheme: str, names: list[str]) -> None:
    """Raise NotDeliverable for an option that addresses of this scheme do not take."""
    allowed = OPTIONS.get(scheme, frozenset())
    for name in names:
        if name.strip().lower() not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            said = f"the option '{_word(name)}' is not allowed in an address"
            raise NotDeliverable(f"{scheme}: {said}; {scheme} takes {known}")


def _word(name: str) -> str:
    """Give an option's name, if it is one, and no piece of a password that stands in its place."""
    return name.strip().lower() if re.fullmatch(r"\s*[+:-]?[A-Za-z_-]{1,30}\s*", name) else "..."


def _options(url: str) -> list[str]:
    """Name the options; what comes after a ``#`` is looked at as well."""
    _, mark, query = url.partition("?")
    given = [item for item in re.split("[&;?#]", query) if item] if mark else []
    return [unquote(item.partition("=")[0]) for item in given]


def _option(url: str, name: str) -> str:
    """Give an option's last value; empty where it is not there."""
    pairs = [item.partition("=") for item in re.split("[&;]", url.partition("?")[2])]
    found = [unquote(value) for key, _, value in pairs if unquote(key).strip().lower() == name]
    return found[-1].strip() if found else ""


def _authority(url: str) -> str:
    return re.split("[/?#]", url.partition("://")[2])[0]


def _check_mail(url: str) -> None:
    place = url.partition("://")[2].partition("?")[0]
    user, _, host = _authority(url).rpartition("@")
    path = [unquote(part) for part in place.split("/")[1:] if part]
    written = [*path, *filter(None, _option(url, "to").split(","))]
    wrong = next((part for part in written if not _MAILBOX.fullmatch(part.strip())), None)
    if wrong is not None:
        raise NotDeliverable("mailto: a mailbox is written name@office.example")
    sender = _option(url, "from")
    if not (user or _option(url, "user") or "@" in sender):
        raise NotDeliverable("mailto: the address has no sender; add ?from=pmo@office.example")
    if not host and not _option(url, "smtp"):
        raise NotDeliverable("mailto: the address names no mail server")


def _reach(url: str, scheme: str, reach: Reach, hosts: Collection[str]) -> Reach:
    """Find how far a URL may reach, which is anywhere only if all hosts it names are listed."""
    if scheme in _WITHOUT_HOST:
        return reach
    smtp = _option(url, "smtp") if reach is Reach.MAIL else ""
    authority = smtp or _authority(url).rpartition("@")[2]
    host, port = _split(authority)
    if is_listed(host, port, hosts):
        return Reach.LISTED
    if not may_be_named(host, reach):
        what = f"the host {host}" if re.fullmatch(r"[\w.:-]{1,253}", host) else "that host"
        raise NotDeliverable(f"{scheme}: {what} is not one that notices are sent to; {_HINT}")
    return reach


def _split(authority: str) -> tuple[str, str]:
    """Split a host from its port; an IPv6 address stands in brackets."""
    if authority.startswith("["):
        host, _, rest = authority[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = authority.partition(":")
    return unquote(host), port
