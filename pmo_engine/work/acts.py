"""The acts that commands carry out; terms of reference name some of them in ``may:``."""

from __future__ import annotations

from pmo_engine.model.acts import Act

SUBMIT = Act("submit")
UPDATE = Act("update")
VOTE = Act("vote")
ANSWER = Act("answer")
ANSWER_ASSESSMENT = Act("answer", "assessment")
OPEN_GATE = Act("open", "gate")
ASSESS = Act("assess", "gate")
REQUEST_FLOW = Act("request", "flow")
SWEEP = Act("sweep")
DELIVER = Act("deliver")
RESEND = Act("resend", "notice")
DRAFT = Act("draft", "policy")
CIRCULATE = Act("circulate", "policy")
COMMENT = Act("comment", "policy")
PUT_UP = Act("put up", "policy")
WITHDRAW = Act("withdraw", "policy")
TAKE_FORCE = Act("take force", "policy")
IMPORT = Act("import")
ADD_PERSON = Act("add", "person")
CHANGE_PERSON = Act("change", "person")
CHANGE_ADDRESS = Act("change", "address")
MAP_ACCOUNT = Act("map", "account")
APPOINT = Act("appoint")
END = Act("end")
LEAVE = Act("leave")
ADD_PROJECT = Act("add", "project")
CHANGE_PROJECT = Act("change", "project")
MOVE_PROJECT = Act("move", "project")
