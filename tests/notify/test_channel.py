import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest

from pmo_engine.notify.channel import ALLOWED, AppriseChannel, one_line
from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.notify.inbox import InboxServer


@dataclass(frozen=True)
class Note:
    recipient: str | None = "ana"
    subject: str = "Change 7 waits for you"
    body: str = "80,000 GBP, rule CR-2."


channel = AppriseChannel()


def failure(address: str, note: Note = Note()) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel(note, address)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


# Mail


def test_a_mail_arrives_as_it_was_written(inbox: InboxServer):
    body = "Grüße, Ana:\n\n.\n<b>80 000 €</b> → “agreed”?\nFrom here on, yours."
    channel(Note(subject="Änderung 7 – 80 000 €", body=body), inbox.address("ana@office.example"))
    (mail,) = inbox.messages("ana@office.example")
    assert mail.sender == "pmo@office.example"
    assert mail.recipients == ("ana@office.example",)
    assert mail.message["From"] == "pmo@office.example"
    assert mail.message["To"] == "ana@office.example"
    assert mail.subject == "Änderung 7 – 80 000 €"
    assert mail.body.splitlines() == body.splitlines()
    assert mail.message.get_content_type() == "text/plain"


def test_a_url_may_stand_for_several_mailboxes(inbox: InboxServer):
    channel(Note(), inbox.address("ana@office.example") + "&to=bo@office.example,cy@office.example")
    assert [mail.recipients for mail in inbox.messages()] == [
        ("ana@office.example",),
        ("bo@office.example",),
        ("cy@office.example",),
    ]


@pytest.mark.parametrize("between", [" ", ", ", ",", "\n"])
def test_an_address_may_hold_several_urls(inbox: InboxServer, between: str):
    urls = [inbox.address("ana@office.example"), inbox.address("bo@office.example")]
    channel(Note(), between.join(urls))
    assert (
        len(inbox.messages("ana@office.example")) == len(inbox.messages("bo@office.example")) == 1
    )


@pytest.mark.parametrize("order", [1, -1])
def test_one_url_that_works_is_enough(inbox: InboxServer, closed_port: int, order: int):
    dead = f"mailto://127.0.0.1:{closed_port}/ana@office.example?from=pmo@office.example"
    channel(Note(), " ".join([dead, inbox.address("ana@office.example")][::order]))
    assert len(inbox.messages("ana@office.example")) == 1


def test_a_record_cannot_add_a_header(inbox: InboxServer):
    subject = "Change\r\nBcc: spy@evil.example\n\nbody\u2028x\x00y\x1b[2J\u202ez"
    channel(Note(subject=subject), inbox.address("ana@office.example"))
    (mail,) = inbox.messages()
    assert mail.recipients == ("ana@office.example",)
    assert mail.message["Bcc"] is None
    assert mail.subject == "Change Bcc: spy@evil.example body x y [2J z"
    assert mail.body.strip() == Note().body


def test_a_notice_without_a_body_says_its_subject(inbox: InboxServer):
    channel(Note(body=""), inbox.address("ana@office.example"))
    assert inbox.messages()[0].body.strip() == Note().subject


def test_a_refused_mailbox_is_named_with_the_servers_words(inbox: InboxServer):
    error = failure(inbox.address("nobody@office.example"))
    assert not isinstance(error, NotDeliverable)
    assert str(error).startswith("ana: mailto: not delivered: ")
    assert "nobody@office.example" in str(error)
    assert "550" in str(error)
    assert "no such mailbox" in str(error)


def test_nobody_listens(closed_port: int):
    url = f"mailto://127.0.0.1:{closed_port}/ana@office.example?from=pmo@office.example"
    error = failure(url)
    assert not isinstance(error, NotDeliverable)
    assert "127.0.0.1" in str(error)
    assert "refused" in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "mailto://127.0.0.1:{}/a@office.example?from=b@office.example&cto=0.3",
        "json://127.0.0.1:{}/?rto=0.3",
    ],
)
def test_a_server_that_says_nothing_is_given_up(silent_port: int, url: str):
    begun = monotonic()
    assert "timed out" in str(failure(url.format(silent_port)))
    assert monotonic() - begun < 5


def test_waiting_is_bounded_unless_the_address_says_how_long():
    from pmo_engine.notify.sending import _service

    for scheme in ("mailto", "json"):
        service = _service(f"{scheme}://office.example/?from=a@office.example")
        assert service.request_timeout == (15.0, 15.0)
        service = _service(f"{scheme}://office.example/?from=a@office.example&cto=3&rto=4")
        assert service.request_timeout == (3.0, 4.0)


# Web hooks


class Hook(ThreadingHTTPServer):
    daemon_threads = True
    status = 200
    location = ""
    received: list[dict[str, object]]


class Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append({"path": self.path, **json.loads(content)})
        self._answer()

    def do_GET(self) -> None:
        self.server.received.append({"path": self.path})
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.status if self.path != "/moved" else 200)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook(("127.0.0.1", 0), Handler) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_web_hook_gets_json(hook: Hook):
    body = "Zeile 1\n<b>Zeile 2</b> & “3”"
    channel(Note(subject="Ä", body=body), f"json://127.0.0.1:{hook.server_port}/pmo/notices")
    (request,) = hook.received
    assert request["path"] == "/pmo/notices"
    assert (request["title"], request["message"]) == ("Ä", body)


def test_a_web_hook_that_fails_says_its_status(hook: Hook):
    hook.status = 503
    url = f"json://ana:hunter22@127.0.0.1:{hook.server_port}/tok3n"
    assert "error=503" in str(failure(url))


def test_a_redirected_web_hook_is_a_failure(hook: Hook):
    hook.status, hook.location = 302, "/moved"
    assert "error=302" in str(failure(f"json://127.0.0.1:{hook.server_port}/hook"))
    assert [request["path"] for request in hook.received] == ["/hook"]


# Addresses that will never do


@pytest.mark.parametrize(
    "scheme",
    ["file", "exec", "syslog", "dbus", "windows", "macosx", "gnome", "http", "pmo", "FILE"],
)
def test_only_allowed_schemes(scheme: str):
    error = failure(f"{scheme}://localhost/secret")
    assert isinstance(error, NotDeliverable)
    assert str(error).startswith(f"ana: an address may not begin with {scheme}://; allowed are ")
    assert "secret" not in str(error)


def test_the_office_may_allow_other_schemes(inbox: InboxServer):
    narrow = AppriseChannel(frozenset({"jsons"}))
    with pytest.raises(NotDeliverable, match="begin with mailto://; allowed are jsons$"):
        narrow(Note(), inbox.address("ana@office.example"))
    assert inbox.messages() == []


def test_apprise_knows_all_that_is_allowed():
    from pmo_engine.notify.sending import N_MGR

    assert set(N_MGR.schemas()) >= ALLOWED


@pytest.mark.parametrize("address", ["ana@office.example", "nonsense", "://x", "-://", "s3cret://"])
def test_what_is_no_url_is_told_how_to_be_one(address: str):
    assert isinstance(failure(address), NotDeliverable)


def test_a_mailbox_alone_is_answered_with_the_form():
    assert "mailto://server/name@office.example?from=" in str(failure("ana@office.example"))


@pytest.mark.parametrize("address", ["", "  ", " , "])
def test_no_address(address: str):
    error = failure(address)
    assert isinstance(error, NotDeliverable)
    assert str(error) == "ana has no address"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mailto://", "From"),
        ("mailto://office.example", "From"),
        ("json://", ""),
        ("slack://short", ""),
        ("workflows://", ""),
    ],
)
def test_what_apprise_cannot_read(address: str, reason: str):
    error = failure(address)
    assert isinstance(error, NotDeliverable)
    assert "ana: " in str(error)
    assert "cannot be read" in str(error)
    assert reason in str(error)


@pytest.mark.parametrize("option", ["template", "Template", "%74emplate", "x=1;template"])
def test_an_address_reads_no_file_of_this_machine(option: str):
    error = failure(f"workflows://office.example:443/w0rk/s1gn?{option}=/etc/passwd")
    assert isinstance(error, NotDeliverable)
    assert "the option 'template' is not allowed" in str(error)


def test_an_address_cannot_call_a_failure_a_success(closed_port: int):
    error = failure(f"json://127.0.0.1:{closed_port}/?optional=yes")
    assert "the option 'optional' is not allowed" in str(error)


def test_several_addresses_are_hopeless_only_together(closed_port: int):
    dead = f"json://127.0.0.1:{closed_port}/"
    assert isinstance(failure("file://a exec://b"), NotDeliverable)
    error = failure(f"file://a {dead}")
    assert not isinstance(error, NotDeliverable)
    assert "file://" in str(error)
    assert "refused" in str(error)


# Secrets


@pytest.mark.parametrize(
    "address",
    [
        "mailto://ana:hunter22@127.0.0.1:{port}/a@office.example?from=b@office.example",
        "mailto://ana:hun@ter22@127.0.0.1:{port}/a@office.example?from=b@office.example",
        "mailto://ana:hunter%4022@127.0.0.1:{port}/a@office.example?from=b@office.example",
        "mailto://ana@127.0.0.1:{port}/a@office.example?from=b@office.example&pass=hunter22",
        "mailto://ana:hunter22@/?from=",
        "mailto://ana:hunter22@[::/x@y?format=hunter22",
        "json://ana:hunter22@127.0.0.1:{port}/hunter22/x?+Authorization=hunter22",
        "json://127.0.0.1:{port}/x?hunter=hunter22",
        "json://127.0.0.1:99999999/hunter22",
        "json://hunter22@[::",
        "slack://hunter22",
        "gotify://127.0.0.1:{port}/hunter22",
        "ntfy://hunter22@127.0.0.1:{port}/hunter22",
        "matrix://ana:hunter22@127.0.0.1:{port}/hunter22",
        "workflows://127.0.0.1:{port}/hunter22/hunter22",
        "exec://ana:hunter22@localhost",
        "ana:hunter22@localhost://",
        "ana:hunter22",
    ],
)
def test_no_password_is_repeated(
    address: str,
    closed_port: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level("DEBUG")
    error = failure(address.format(port=closed_port))
    assert not re.search("hunter.{0,3}22|ter22", str(error))
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name == "apprise"] == []


def test_what_is_logged_outside_a_delivery_is_left_to_others(caplog: pytest.LogCaptureFixture):
    from apprise import Apprise

    from pmo_engine.notify import sending

    assert sending.REFUSED
    Apprise().add("nonsense://")
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_one_line_keeps_words():
    assert one_line(" Ä\tb\n\nc  d ") == "Ä b c d"


# Threads and loading


def test_threads_keep_their_errors_apart(inbox: InboxServer):
    boxes = [f"p{number}@office.example" for number in range(12)]

    def deliver(box: str) -> str:
        channel(Note(recipient=box), inbox.address(box))
        with pytest.raises(DeliveryError) as caught:
            channel(Note(recipient=box), f"json://127.0.0.1:1/?format={box}")
        return str(caught.value)

    with ThreadPoolExecutor(4) as pool:
        errors = list(pool.map(deliver, boxes))
    assert [len(inbox.messages(box)) for box in boxes] == [1] * 12
    for box, error in zip(boxes, errors, strict=True):
        assert error.startswith(
            f"{box}: json: not delivered: Unsupported format specified '{box}': A Connection error"
        )
        assert error.count("Unsupported format") == 1


FIRST_USE = """
import sys, threading
from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.errors import NotDeliverable
assert "apprise" not in sys.modules
class Note: recipient, subject, body = "ana", "s", "b"
said = []
def deliver():
    try: AppriseChannel()(Note, "mailto://")
    except NotDeliverable as error: said.append(str(error))
threads = [threading.Thread(target=deliver) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert "apprise" in sys.modules
print(len(said), len(set(said)))
"""


def test_apprise_is_loaded_on_first_use_by_any_thread():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FIRST_USE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("4 1\n", "")
