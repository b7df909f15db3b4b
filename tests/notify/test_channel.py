import json
import logging
import re
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

import pytest

from pmo_engine.model.lines import one_line
from pmo_engine.notify.addresses import ALLOWED
from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.errors import DeliveryError, NotDeliverable, PutOff
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.notify.papers import Paper


@dataclass(frozen=True)
class Note:
    id: str = "n-7"
    recipient: str | None = "ana"
    subject: str = "Change 7 waits for you"
    body: str = "80,000 GBP, rule CR-2."


HERE = ("127.0.0.1",)  # where the tests' own web hooks are
channel = AppriseChannel(hosts=HERE)


def failure(address: str, within: float | None = None) -> DeliveryError:
    used = channel if within is None else AppriseChannel(hosts=HERE, within=within)
    with pytest.raises(DeliveryError) as caught:
        used(Note(), address)
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


PAPER = Paper("Gate G1 of P-1.pdf", "application/pdf", lambda: b"%PDF-1.7")


def test_papers_go_with_a_mail(inbox: InboxServer):
    assert channel(Note(), inbox.address("ana@office.example"), PAPER) is None
    (mail,) = inbox.messages("ana@office.example")
    (paper,) = mail.message.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == (PAPER.name, PAPER.type)
    assert paper.get_content() == b"%PDF-1.7"
    assert mail.body.strip() == "80,000 GBP, rule CR-2."


def test_a_notice_goes_out_also_where_a_paper_cannot_be_written(inbox: InboxServer):
    def write() -> bytes:
        raise ValueError("no font\nat all")

    said = channel(Note(), inbox.address("ana@office.example"), replace(PAPER, write=write))
    assert said == "Gate G1 of P-1.pdf could not be written: ValueError: no font at all"
    (mail,) = inbox.messages("ana@office.example")
    assert list(mail.message.iter_attachments()) == []


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


def test_a_refused_mailbox_is_named_with_the_servers_words_and_not_asked_again(inbox: InboxServer):
    error = failure(inbox.address("nobody@office.example"))
    assert isinstance(error, NotDeliverable)
    assert str(error) == (
        "ana: mailto: not delivered: nobody@office.example: 550 5.1.1 no such mailbox"
    )


def test_a_mailbox_that_is_busy_is_asked_again(inbox: InboxServer):
    error = failure(inbox.address("busy@office.example"))
    assert not isinstance(error, NotDeliverable)
    assert "busy@office.example: 450" in str(error)


@pytest.mark.parametrize("other", ["nobody", "busy"])
def test_of_two_mailboxes_one_wrong_the_other_gets_one_copy(inbox: InboxServer, other: str):
    for order in (("ana", other), (other, "ana")):
        first, second = (f"{name}@office.example" for name in order)
        remark = channel(Note(), f"{inbox.address(first)}&to={second}")
        assert f"{other}@office.example" in str(remark)
        remark = channel(Note(), f"{inbox.address(first)} {inbox.address(second)}")
        assert f"{other}@office.example" in str(remark)
    assert [mail.recipients for mail in inbox.messages()] == [("ana@office.example",)] * 4


def test_a_notice_keeps_its_message_id_over_attempts_and_mailboxes(inbox: InboxServer):
    address = inbox.address("ana@office.example") + "&to=bo@office.example"
    assert channel(Note(), address) is None
    AppriseChannel()(Note(), address)
    channel(Note(id="n-8"), address)
    ids = [mail.message["Message-ID"] for mail in inbox.messages()]
    assert ids == ["<n-7@office.example>"] * 4 + ["<n-8@office.example>"] * 2
    assert {mail.message["Auto-Submitted"] for mail in inbox.messages()} == {"auto-generated"}


def test_nobody_listens(closed_port: int):
    url = f"mailto://127.0.0.1:{closed_port}/ana@office.example?from=pmo@office.example"
    error = failure(url)
    assert not isinstance(error, NotDeliverable)
    assert "127.0.0.1" in str(error)
    assert "refused" in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "mailto://127.0.0.1:{}/a@office.example?from=b@office.example",
        "json://127.0.0.1:{}/",
    ],
)
def test_a_server_that_says_nothing_is_given_up(silent_port: int, url: str):
    begun = monotonic()
    error = failure(url.format(silent_port), within=0.3)
    assert "no end within 0.3 seconds" in str(error)
    assert not isinstance(error, NotDeliverable)
    assert monotonic() - begun < 10


DRIPPING = {
    "mailto": b"220-wait\r\n",
    "json": b"X-Wait: y\r\n",
}


@pytest.mark.parametrize("scheme", DRIPPING)
def test_a_server_that_drips_is_given_up(drip: Callable[[bytes, bytes], int], scheme: str):
    port = drip(b"HTTP/1.1 200 OK\r\n" if scheme == "json" else b"", DRIPPING[scheme])
    options = "a@office.example?from=b@office.example" if scheme == "mailto" else ""
    error = failure(f"{scheme}://127.0.0.1:{port}/{options}", within=0.5)
    assert "no end within 0.5 seconds" in str(error)


def test_a_server_that_answers_without_end_is_given_up(drip: Callable[[bytes, bytes], int]):
    flood = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000_000)
    error = failure(f"json://127.0.0.1:{flood}/", within=20)
    assert "not delivered" in str(error)


def test_after_it_gave_one_up_the_next_is_carried_and_that_server_is_let_be(
    silent_port: int, inbox: InboxServer
):
    mine = AppriseChannel(within=4)
    silent = f"mailto://127.0.0.1:{silent_port}/a@office.example?from=b@office.example"
    with pytest.raises(DeliveryError, match="no end within"):
        mine(Note(), silent)
    assert mine(Note(), inbox.address("ana@office.example")) is None
    with pytest.raises(PutOff, match="did not answer in time a moment ago"):
        mine(Note(), silent.replace("//", "//ana:pw@"))
    remark = mine(Note(), f"{silent} {inbox.address('ana@office.example')}")
    assert "a moment ago" in str(remark)
    assert len(inbox.messages()) == 2


def test_a_mailbox_that_took_it_before_the_time_was_over_gets_no_second_copy(
    half_way: InboxServer,
):
    address = half_way.address("ana@office.example") + "&to=stuck@office.example"
    remark = AppriseChannel(within=4)(Note(), address)
    assert "no end within 4 seconds" in str(remark)
    assert [mail.recipients for mail in half_way.messages()] == [("ana@office.example",)]


def test_the_time_is_for_the_attempt_and_shared_by_its_urls(silent_port: int, inbox: InboxServer):
    silent = f"mailto://127.0.0.1:{silent_port}/a@office.example?from=b@office.example"
    remark = AppriseChannel(within=8)(Note(), f"{silent} {inbox.address('ana@office.example')}")
    assert "within 4 seconds" in str(remark)


def test_a_postman_who_is_killed_is_one_failed_attempt(silent_port: int, inbox: InboxServer):
    mine = AppriseChannel()
    silent = f"mailto://127.0.0.1:{silent_port}/a@office.example?from=b@office.example"

    def kill() -> None:
        while mine._round._process is None:
            pass
        sleep(0.5)
        mine._round._process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(DeliveryError, match="broke off"):
        mine(Note(), silent)
    killer.join()
    assert mine(Note(), inbox.address("ana@office.example")) is None


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


def test_papers_go_to_a_web_hook_that_takes_them(hook: Hook):
    channel(Note(), f"json://127.0.0.1:{hook.server_port}/pmo", PAPER)
    (request,) = hook.received
    (paper,) = request["attachments"]
    assert (paper["filename"], b64decode(paper["base64"])) == (PAPER.name, PAPER.write())


def test_a_web_hook_that_fails_says_its_status(hook: Hook):
    hook.status = 503
    url = f"json://ana:hunter22@127.0.0.1:{hook.server_port}/tok3n"
    assert "error=503" in str(failure(url))


@pytest.mark.parametrize(
    ("status", "hopeless"),
    [(302, True), (400, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_what_a_web_hook_answers_tells_whether_to_ask_again(
    hook: Hook, status: int, *, hopeless: bool
):
    hook.status = status
    error = failure(f"json://127.0.0.1:{hook.server_port}/hook")
    assert f"error={status}" in str(error)
    assert isinstance(error, NotDeliverable) == hopeless
    assert len(hook.received) == 1


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
    from pmo_engine.notify.sending import SERVICES

    known: set[str] = set()
    for service in SERVICES.values():
        for schemes in (service.protocol, service.secure_protocol):
            known |= {schemes} if isinstance(schemes, str) else set(schemes or ())
    assert known >= ALLOWED
    assert {scheme.removesuffix("s") for scheme in ALLOWED} >= SERVICES.keys() - {"slack"}


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
        ("mailto://", "no sender"),
        ("mailto://office.example", "no sender"),
        ("mailto://office.example/ana?from=pmo@office.example", "a mailbox is written name@"),
        ("mailto:///ana@office.example?from=pmo@office.example", "names no mail server"),
        ("mailto://office.example/ana@office.example?from=pmo", "no sender"),
        ("mailto://office.example?from=@", "cannot be read"),
        ("json://", "that host is not one"),
        ("slack://short", "cannot be read"),
        ("workflows://office.example", "cannot be read"),
        ("ntfy://ntfy.example/a/b", "stands for several places; write one for each"),
        ("json://office.example/é", "plain letters only"),
        ("json://office.example/\x07", "plain letters only"),
        ("json://" + "x" * 2_000, "at most 2000 characters"),
        (" ".join(["json://office.example/"] * 6), "at most 2000 characters and 5 URLs"),
    ],
)
def test_what_can_be_no_address(address: str, reason: str):
    error = failure(address)
    assert isinstance(error, NotDeliverable)
    assert str(error).startswith("ana: ")
    assert reason in str(error)


@pytest.mark.parametrize("option", ["template", "Template", "%74emplate", "x=1;template"])
def test_an_address_reads_no_file_of_this_machine(option: str):
    error = failure(f"workflows://office.example:443/w0rk/s1gn?{option}=/etc/passwd")
    assert isinstance(error, NotDeliverable)
    assert "is not allowed in an address" in str(error)


@pytest.mark.parametrize(
    ("url", "option"),
    [
        *(("json://127.0.0.1/?{}=yes", name) for name in ("optional", "redirect", "verify")),
        *(("json://127.0.0.1/?{}=99999999", name) for name in ("rto", "cto", "retry", "wait")),
        *(("json://127.0.0.1/?{}=DELETE", name) for name in ("method", "+x-http-method", "-q")),
        ("json://127.0.0.1/?{}=body", ":message"),
        ("ntfy://127.0.0.1/topic?{}=x", "attach"),
        ("ntfy://127.0.0.1/topic?{}=http://10.0.0.1/", "actions"),
        ("ntfy://127.0.0.1/topic?{}=a@b.example", "email"),
        ("mailto://127.0.0.1/a@office.example?from=b@office.example&{}=x", "+bcc"),
        ("mailto://127.0.0.1/a@office.example?from=b@office.example&{}=x@y.example", "bcc"),
        ("mailto://127.0.0.1/a@office.example?from=b@office.example#{}=x", "rto"),
        ("mailto://127.0.0.1/a@office.example?from=b@office.example&{}=/etc/key", "pgppub"),
    ],
)
def test_an_address_says_where_to_and_nothing_else(url: str, option: str):
    error = failure(url.format(option))
    assert isinstance(error, NotDeliverable)
    assert f"the option '{option}' is not allowed in an address" in str(error)


def test_an_option_is_refused_as_the_service_reads_it_too():
    from pmo_engine.notify.sending import read

    with pytest.raises(NotDeliverable, match="the option 'method' is not allowed"):
        read("json://office.example/?method=DELETE")


def test_who_logs_in_may_be_said_in_options(inbox: InboxServer):
    address = f"mailto://127.0.0.1:{inbox.port}/a@office.example?from=pmo@office.example"
    more = "&Name=The%20office&reply=desk@office.example&MODE=insecure"
    assert AppriseChannel()(Note(), address + more) is None
    [mail] = inbox.messages()
    assert mail.message["From"] == "The office <pmo@office.example>"
    assert mail.message["Reply-To"] == "desk@office.example"


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
    from pmo_engine.notify import sending

    assert sending.DEFAULTS["redirect"] is False
    logging.getLogger("apprise").info("not this")
    logging.getLogger("apprise").error("but this")
    assert [record.getMessage() for record in caplog.records] == ["but this"]


def test_one_line_keeps_words():
    assert one_line(" Ä\tb\n\nc  d ") == "Ä b c d"


# Threads and loading


def test_threads_keep_their_errors_apart(inbox: InboxServer):
    boxes = [f"p{number}@office.example" for number in range(12)]

    def deliver(box: str) -> str:
        channel(Note(recipient=box), inbox.address(box))
        with pytest.raises(DeliveryError) as caught:
            channel(Note(recipient=box), f"json://127.0.0.1:1/{box}")
        return str(caught.value)

    with ThreadPoolExecutor(4) as pool:
        errors = list(pool.map(deliver, boxes))
    assert [len(inbox.messages(box)) for box in boxes] == [1] * 12
    for box, error in zip(boxes, errors, strict=True):
        assert error.startswith(f"{box}: json: not delivered: A Connection error occurred")


ELSEWHERE = """
import sys
from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.errors import NotDeliverable
class Note: id, recipient, subject, body = "1", "ana", "s", "b"
try: AppriseChannel()(Note, "slack://short")
except NotDeliverable as error: print("cannot be read" in str(error), "apprise" in sys.modules)
"""


def test_services_are_loaded_in_another_process(tmp_path: Path):
    (tmp_path / "json.py").write_text("raise SystemExit('not the one')")
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.stdout, done.stderr) == ("True False\n", "")
