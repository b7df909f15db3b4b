"""Which hosts notices may go to: what names tell, what connections tell, what the office lists."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pmo_engine.notify.addresses import Place, place_of
from pmo_engine.notify.channel import check
from pmo_engine.notify.errors import NotDeliverable
from pmo_engine.notify.hosts import Reach, is_listed, may_be_named, may_be_reached
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.notify.round import Round

PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
OWN = ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "fd00::1", "::ffff:127.0.0.1"]
OWN += ["64:ff9b::7f00:1", "2002:7f00:1::"]
NEVER = [
    "169.254.169.254",
    "fe80::1%eth0",
    "0.0.0.0",  # noqa: S104 - it is refused
    "::",
    "224.0.0.1",
    "ff02::1",
]
NEVER += ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_may_be_reached(address: str):
    assert all(may_be_reached(address, reach) for reach in Reach)
    assert all(may_be_named(address, reach) for reach in Reach)


@pytest.mark.parametrize("address", OWN)
def test_the_offices_own_network_is_for_mail(address: str):
    assert not may_be_reached(address, Reach.PUBLIC)
    assert may_be_reached(address, Reach.MAIL)
    assert not may_be_named(f"[{address}]", Reach.PUBLIC)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_nobodys_server_unless_they_are_listed(address: str):
    assert not may_be_reached(address, Reach.PUBLIC)
    assert not may_be_reached(address, Reach.MAIL)
    assert may_be_reached(address, Reach.LISTED)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "intra", "db.internal", "nas.local", "a.localhost", "x.home.arpa"],
)
def test_names_of_ones_own_network_are_for_mail(host: str):
    assert not may_be_named(host, Reach.PUBLIC)
    assert may_be_named(host, Reach.MAIL)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", ""])
def test_an_ip_address_in_disguise_may_not_be_named(host: str):
    assert not may_be_named(host, Reach.PUBLIC)
    assert not may_be_named(host, Reach.MAIL)


def test_what_is_listed():
    listed = ("Hooks.example", "10.0.0.5:8080", "*.corp.example")
    assert is_listed("hooks.example", "", listed)
    assert is_listed("HOOKS.example", "8443", listed)
    assert is_listed("10.0.0.5", "8080", listed)
    assert not is_listed("10.0.0.5", "80", listed)
    assert not is_listed("10.0.0.5", "", listed)
    assert is_listed("a.corp.example", "1", listed)
    assert not is_listed("corp.example", "", listed)
    assert not is_listed("hooks.example.evil.example", "", listed)


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:4200/api/work_pools/mine",
        "jsons://ana:pw@localhost/x",
        "json://%31%32%37.0.0.1/",
        "json://[::1]:80/",
        "json://public.example@10.0.0.1/",
        "gotify://192.168.1.4/token",
        "ntfy://intranet/topic",
        "workflows://169.254.169.254/a/b",
        "mailto://169.254.169.254/a@b.example?from=c@d.example",
        "mailto://user:pw@gmail.com?smtp=169.254.169.254",
        "mailto://user:pw@gmail.com?smtp=0.0.0.0:80",
    ],
)
def test_an_address_names_no_internal_host(url: str):
    with pytest.raises(NotDeliverable, match="not one that notices are sent to; list it under"):
        place_of(url, "ana")


def test_a_listed_host_may_be_anywhere():
    url = "json://127.0.0.1:4200/hook"
    assert place_of(url, "ana", hosts=("127.0.0.1:4200",)).reach is Reach.LISTED
    assert place_of("json://hooks.example/", "ana").reach is Reach.PUBLIC
    mail = "mailto://user:pw@office.example?smtp=10.0.0.7&to=a@b.example"
    assert place_of(mail, "ana").reach is Reach.MAIL
    assert place_of(mail, "ana", hosts=("10.0.0.7",)).reach is Reach.LISTED
    with pytest.raises(NotDeliverable):
        place_of(url, "ana", hosts=("127.0.0.1:80",))


def test_a_server_is_one_whoever_logs_in_there():
    first, second = "json://ana:pw@hooks.example:8/x?user=a", "json://hooks.example:8/y"
    assert place_of(first, "ana").server == place_of(second, "bo").server
    assert place_of(second.replace(":8", ":9"), "bo").server != place_of(second, "bo").server


class Hook(HTTPServer):
    asked = 0


class Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


TEXT = {"id": "n-1", "subject": "S", "body": "B"}


def test_a_name_that_turns_out_to_be_internal_is_not_connected_to(hook: Hook):
    """As of a name whose address changed since it was looked at."""
    url = f"json://127.0.0.1:{hook.server_port}/"
    carried = Round()
    took, error = carried.carry(Place(url, "json", Reach.PUBLIC), 30, TEXT)
    assert took == []
    assert isinstance(error, NotDeliverable)
    assert str(error) == "the address leads to 127.0.0.1, which is internal"
    assert hook.asked == 0
    assert carried.carry(Place(url, "json", Reach.LISTED), 30, TEXT) == (["json"], None)
    assert hook.asked == 1


def test_a_mail_server_is_connected_to_on_ones_own_network():
    with InboxServer() as inbox:
        place = Place(inbox.address("a@office.example"), "mailto", Reach.PUBLIC)
        took, error = Round().carry(place, 30, TEXT)
        assert (took, isinstance(error, NotDeliverable)) == ([], True)
        place = Place(place.url, "mailto", Reach.MAIL)
        assert Round().carry(place, 30, TEXT) == (["a@office.example"], None)


def test_an_address_is_checked_when_it_is_given(hook: Hook):
    check("mailto://mail.example/a@office.example?from=b@office.example", "ana")
    check("ntfy://ntfy.example/topic, json://hooks.example/x", "ana")
    check(f"json://127.0.0.1:{hook.server_port}/", "ana", ("127.0.0.1",))
    assert hook.asked == 0
    for wrong in ("slack://short", "ntfy://host.example/?attach=x", "json://10.0.0.1/", " "):
        with pytest.raises(NotDeliverable, match="^ana"):
            check(wrong, "ana")
    with pytest.raises(NotDeliverable):
        check("json://hooks.example/x json://10.0.0.1/", "ana")
