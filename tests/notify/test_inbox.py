import smtplib
import socket
import sys

import pytest

from pmo_engine.notify.errors import InboxUnavailable
from pmo_engine.notify.inbox import InboxServer


def send(server: InboxServer, *recipients: str, text: str = "Subject: x\r\n\r\ny\r\n") -> None:
    with smtplib.SMTP(server.host, server.port, timeout=5) as client:
        client.sendmail("pmo@office.example", recipients, text)


def test_mail_is_kept_in_the_order_of_arrival(inbox: InboxServer):
    send(inbox, "ana@office.example", text="Subject: 1\r\n\r\na")
    send(inbox, "bo@office.example", "ana@office.example", text="Subject: 2\r\n\r\nb")
    assert [mail.subject for mail in inbox.messages()] == ["1", "2"]
    assert [mail.subject for mail in inbox.messages("bo@office.example")] == ["2"]
    assert [mail.body.strip() for mail in inbox.messages("ana@office.example")] == ["a", "b"]
    assert inbox.messages("cy@office.example") == []


def test_an_unknown_mailbox_is_refused(inbox: InboxServer):
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        send(inbox, "nobody@office.example")
    assert inbox.messages() == []


def test_what_was_received_outlives_the_server():
    with InboxServer() as server:
        send(server, "ana@office.example")
    assert len(server.messages()) == 1
    with pytest.raises(ConnectionRefusedError):
        send(server, "ana@office.example")


def test_it_starts_again_on_its_port():
    server = InboxServer()
    server.start()
    port = server.port
    server.stop()
    server.stop()
    with server:
        assert server.port == port
        send(server, "ana@office.example")
    assert len(server.messages()) == 1


def test_it_stops_while_somebody_is_connected():
    server = InboxServer()
    server.start()
    with socket.create_connection((server.host, server.port), timeout=5) as client:
        assert client.recv(100).startswith(b"220 ")
        server.stop()
        assert client.recv(100) == b""


def test_two_servers_take_ports_of_their_own():
    with InboxServer() as one, InboxServer() as other:
        assert one.port != other.port
        assert one.address("ana@office.example") == (
            f"mailto://127.0.0.1:{one.port}/ana@office.example?from=pmo@office.example"
        )


def test_a_port_in_use_is_said():
    with InboxServer() as one:
        other = InboxServer(port=one.port)
        with pytest.raises(InboxUnavailable, match=f"no mail server at 127.0.0.1:{one.port}: "):
            other.start()


def test_without_aiosmtpd_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "aiosmtpd.smtp", None)
    with pytest.raises(InboxUnavailable, match=r"pip install 'pmo-engine\[demo\]'"):
        InboxServer().start()
