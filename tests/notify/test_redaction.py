import pytest

from pmo_engine.notify.redaction import redact


@pytest.mark.parametrize(
    ("url", "text", "shown"),
    [
        ("mailto://ana:pw@mail.example/bo@b.example", "mail.example: pw", "mail.example: ***"),
        ("mailto://ana:pw@mail.example/bo@b.example", "ana, bo@b.example", "ana, bo@b.example"),
        ("mailto://ana:pa%2Fss@mail.example", "pa/ss pa%2Fss", "*** ***"),
        ("mailto://127.0.0.1:25/bo@b.example?from=c@b.example", "25 c@b.example", "25 c@b.example"),
        ("mailto://mail.example/?from=c@b.example;pass=pw", "c@b.example pw", "c@b.example ***"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlaz/#pmo", "/T1JJ3T3L2/A1BRTD4JD", "/***/***"),
        ("slack://xoxb-1-2-abc/#pmo", "token xoxb-1-2-abc!", "token ***!"),
        ("jsons://hook.example:8443/a/b3f9", "hook.example:8443/a/b3f9", "hook.example:8443/***"),
        ("jsons://u:pw@hook.example/", "u:pw@hook.example", "***@hook.example"),
        ("json://hook.example/?+X-Key=k3y", "hook.example k3y", "hook.example ***"),
        ("json://localhost/x1/y2", "localhost y2", "localhost ***"),
        ("json://u:1@hook.example", "error 10.1: 1", "error 10.***: ***"),
        ("json://u:a@hook.example", "a bad day at a bank", "*** bad day at *** bank"),
        ("json://u:longsecret@hook.example", "xlongsecrety", "x***y"),
        ("json://u:short@hook.example", "xshorty short", "x***y ***"),
        ("json://u:four@hook.example", "xfoury four", "xfoury ***"),
        ("json://hook.example", "hook.example refused", "hook.example refused"),
        ("", "nothing to hide", "nothing to hide"),
    ],
)
def test_what_may_be_shown(url: str, text: str, shown: str):
    assert redact(text, url) == shown
