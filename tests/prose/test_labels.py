"""What people call things: labels of roots, fields, acts, derived facts and columns."""

from dataclasses import replace
from pathlib import Path

import pytest

from pmo_engine.authority.titles import role_in_words
from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.documents import build
from pmo_engine.documents.markdown import markdown
from pmo_engine.feel import nodes as n
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.policy import Policy
from pmo_engine.prose.expressions import in_words, with_values
from pmo_engine.prose.names import (
    act_in_words,
    event_in_words,
    path_in_words,
    plural,
    possessive,
    predicate,
)
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.sentences import Speaker
from pmo_engine.prose.terms import authority_in_words
from pmo_engine.testing import policy_from

CLUB = """
kind: policy
name: club
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: chair, title: Chair}
  - {id: exec_team, title: Executive team, senior: chair}
---
kind: registers
registers:
  - register: commitments
    noun: commitment
    root: co
    plural: cos
    label: standing commitment
    value: sum
    fields:
      sum: {type: money, label: yearly sum}
      within_budget: {type: boolean, label: within the budget}
      settles_claim: {type: boolean}
      reason: {type: text}
      who: {type: role}
---
kind: acts
acts: [{id: eject, does: decides}]
---
kind: terms_of_reference
for: exec_team
authority:
  - {id: eject, may: eject core_member, label: eject a member of the core team, up_to: unlimited}
  - {id: spend, may: approve commitment, up_to: [{value: 5000 GBP, source: Minutes of May}]}
---
kind: table
id: signer
title: Who signs
inputs: [{name: amount, type: money, label: yearly amount}, {name: settled, type: boolean}]
outputs: [{name: role, type: role, label: signed by}]
rows:
  - {when: [< 5000 GBP, "-"], then: exec_team}
  - {when: [">= 5000 GBP", true], then: chair}
  - {when: [">= 5000 GBP", false], then: exec_team}
---
kind: rules
rules:
  - id: small
    title: Small commitments are known as such
    on: commitment.submitted
    binding: shall
    then: [{derive: {fact: small_one, label: the commitment is small, value: co.sum < @"100 GBP"}}]
  - id: signed
    title: Somebody signs
    on: commitment.submitted
    binding: shall
    when: not(small_one) and not(co.within_budget) and co.settles_claim
    then: [{require_approval: {from: {chosen_by: 'signer(co.sum, co.settles_claim)'}}}]
  - id: many
    title: Many commitments go to the chair
    on: commitment.submitted
    binding: shall
    when: sum(cos[within_budget].sum) > max(co.sum, @"9 GBP")
    then: [{require_approval: {from: chair}}]
---
kind: suite
event: commitment.submitted
cases:
  - {name: nothing, facts: {co: {}}, expect: {blocked: false}}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(CLUB)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "small",
            (
                "When a standing commitment is submitted, the commitment is small if the standing "
                "commitment's yearly sum is below 100 GBP."
            ),
        ),
        (
            "signed",
            (
                "When a standing commitment is submitted and the commitment is not small, the "
                "standing commitment is not within the budget and the standing commitment settles "
                "claim, the role that the table 'Who signs' gives for the standing commitment's "
                "yearly sum and whether the standing commitment settles claim must approve it."
            ),
        ),
        (
            "many",
            (
                "When a standing commitment is submitted and the sum of the yearly sums of the "
                "standing commitments (those for which it is within the budget) is above the "
                "greater of the standing commitment's yearly sum and 9 GBP, the Chair must "
                "approve it."
            ),
        ),
    ],
)
def test_rules(policy: Policy, rule: str, said: str) -> None:
    assert rule_in_words(next(each for each in policy.rules if each.id == rule), policy) == said


def test_names(policy: Policy) -> None:
    assert act_in_words("eject core_member", policy) == "eject a member of the core team"
    assert act_in_words("approve commitment", policy) == "approve a standing commitment"
    assert event_in_words("commitment.closed", policy) == "a standing commitment is closed"
    assert path_in_words("co.sum", policy) == "the standing commitment's yearly sum"
    assert path_in_words("cos[2].sum", policy) == "standing commitment 2's yearly sum"
    assert path_in_words("co.reason", policy) == "the standing commitment's reason"


def test_an_act_that_is_measured_by_nothing_has_no_amount(policy: Policy) -> None:
    eject, spend = policy.terms["exec_team"].authority
    assert authority_in_words(eject, policy) == "May eject a member of the core team."
    assert "up to 5,000 GBP in each case" in authority_in_words(spend, policy)


def test_documents(policy: Policy) -> None:
    page = markdown(build(policy)).replace("\N{NO-BREAK SPACE}", " ")
    assert "| Clause | Yearly amount | Settled | Signed by |\n" in page
    assert "| below 5,000 GBP | any | Executive team |" in page
    assert "| at least 5,000 GBP | yes | Chair |" in page
    assert "Each record is a standing commitment and is measured by its yearly sum" in page
    assert "| yearly sum | Money in GBP. |" in page
    assert "| Eject a member of the core team |  |" in page
    assert "| exec team |" not in page


def test_roles_are_the_values_of_their_type() -> None:
    wrong = CLUB.replace("then: exec_team}", "then: exec_teem}", 1)
    with pytest.raises(Exception, match="'exec_teem' is not one of chair, exec_team"):
        policy_from(wrong)


def test_the_check_speaks_of_columns_by_their_labels() -> None:
    gap = CLUB.replace('  - {when: [">= 5000 GBP", true], then: chair}\n', "")
    told = bind(read_text(gap, "p.yaml"), Path()).diagnostics
    [found] = [each for each in told if each.code == "PMO050"]
    assert "has no row for yearly amount of at least 5,000 GBP and settled yes" in found.message


def test_what_is_of_the_type_of_roles_is_said_by_titles() -> None:
    asked = 'when: co.who in ["chair", "exec_team"] and not(small_one)'
    policy = policy_from(CLUB.replace("when: not(small_one)", asked))
    condition = next(each for each in policy.rules if each.id == "signed").when
    assert condition is not None
    said = with_values(condition, policy, {"co": {"who": "chair"}})
    title = "the standing commitment's who (the Chair) is the Chair or the Executive team"
    assert said.startswith(title)
    assert "| who | A role: Chair or Executive team. |" in markdown(build(policy))


@pytest.mark.parametrize(
    ("label", "holds", "fails"),
    [
        (
            "there are many claims",
            "there are many claims",
            "it is not so that there are many claims",
        ),
        ("the claims are many", "the claims are many", "the claims are not many"),
        ("the club has claims", "the club has claims", "the club does not have claims"),
        ("a small one", "it is a small one", "it is not a small one"),
        ("is small", "it is small", "it is not small"),
        ("has claims", "it has claims", "it does not have claims"),
        ("money was lent", "the money was lent", "the money was not lent"),
        ("a claim is odd", "a claim is odd", "a claim is not odd"),
        ("oddity", "oddity is true", "oddity is not true"),
    ],
)
def test_the_label_of_a_fact_is_a_clause(label: str, holds: str, fails: str) -> None:
    policy = policy_from(CLUB)
    speaker = Speaker(replace(policy, labels={**policy.labels, "small_one": label}))
    assert speaker.clause(n.Name("small_one")) == holds
    assert speaker.clause(n.Not(n.Name("small_one"))) == fails


def test_a_title_that_has_its_article_gets_no_other() -> None:
    policy = policy_from(CLUB.replace("title: Executive team", "title: The Executive team"))
    assert role_in_words("exec_team", policy) == "The Executive team"
    assert role_in_words("chair", policy) == "the Chair"
    assert "the The" not in markdown(build(policy))


def test_registers_are_headed_by_their_label(policy: Policy) -> None:
    assert "Standing commitments**" in markdown(build(policy))


def test_rules_against_rules_speak_by_labels() -> None:
    rules = CLUB.replace(
        "when: not(small_one) and not(co.within_budget) and co.settles_claim",
        "when: not(small_one)",
    ).replace('sum(cos[within_budget].sum) > max(co.sum, @"9 GBP")', 'co.sum > @"900 GBP"')
    told = bind(read_text(rules, "p.yaml"), Path()).diagnostics
    [found] = [each for each in told if each.code == "PMO090"]
    assert "about a standing commitment with yearly sum below 100 GBP" in found.message


@pytest.mark.parametrize(
    ("said", "holds", "whole"),
    [
        ("urgent", True, "is marked as urgent"),
        ("urgent", False, "is not marked as urgent"),
        ("is urgent", False, "is not urgent"),
        ("settles dispute", True, "settles dispute"),
        ("settles dispute", False, "does not settle dispute"),
        ("has money", False, "does not have money"),
        ("passes gate", False, "does not pass gate"),
        ("carries risk", False, "does not carry risk"),
        ("goes on", False, "does not go on"),
        ("class one", True, "is marked as class one"),
        ("status known", True, "is marked as status known"),
        ("changes", True, "is marked as changes"),
    ],
)
def test_marks(said: str, holds: bool, whole: str) -> None:  # noqa: FBT001 - a case
    assert predicate(said, holds=holds) == whole


@pytest.mark.parametrize(
    ("owner", "field", "said"),
    [
        ("the issue", "raised on", "the day the issue was raised"),
        ("the meeting", "held on", "the day the meeting was held"),
        ("the letters", "sent on", "the day the letters were sent"),
        ("the report", "depends on", "what the report depends on"),
        ("the report", "closed on time", "the report's closed on time"),
        ("the access", "owner", "the access's owner"),
        ("the changes", "cost", "the changes' cost"),
        ("the status", "note", "the status's note"),
    ],
)
def test_whose_it_is(owner: str, field: str, said: str) -> None:
    assert possessive(owner, field) == said


def test_plurals() -> None:
    assert [plural(each) for each in ("order", "policy", "day", "box", "gas", "branch")] == [
        "orders",
        "policies",
        "days",
        "boxes",
        "gases",
        "branches",
    ]


@pytest.mark.parametrize(
    ("label", "verb"),
    [("last day", "is"), ("last days", "are"), ("term in years", "is"), ("years of term", "are")],
)
def test_the_verb_goes_with_the_noun_of_a_label(label: str, verb: str) -> None:
    policy = policy_from(CLUB.replace("label: yearly sum", f"label: {label}"))
    above = n.Comparison(">", n.Path(n.Name("co"), "sum"), n.Literal(5))
    said = Speaker(policy).clause(above)
    assert said == f"the standing commitment's {label} {verb} above 5"


TABLES = """---
kind: table
id: duties
title: What each size asks for
inputs: [{name: amount, type: money}]
outputs: [{name: functional, type: role}, {name: days, type: number, label: days allowed}]
rows:
  - {when: [< 5000 GBP], then: [exec_team, 3]}
  - {when: [">= 5000 GBP"], then: [chair, 5]}
---
kind: table
id: hits
title: What it touches.
hit_policy: collect
inputs: [{name: amount, type: money}]
outputs: [{name: area, type: text}]
rows:
  - {when: [< 5000 GBP], then: ['"small"']}
  - {when: [">= 500 GBP"], then: ['"big"']}
---
kind: rules"""
SIZE = "the table 'What each size asks for' gives for the standing commitment's yearly sum"
AREAS = "areas that the table 'What it touches' gives for the standing commitment's yearly sum"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("duties(co.sum).days > 3", f"the days allowed that {SIZE} are above 3"),
        ('duties(co.sum).functional = "chair"', f"the role that {SIZE} is the Chair"),
        (
            'authority(duties(co.sum).functional, "approve commitment") > co.sum',
            (
                f"the authority of the role that {SIZE} to approve a standing commitment is above "
                "the standing commitment's yearly sum"
            ),
        ),
        ("count(hits(co.sum)) > 1", f"the number of {AREAS} is above 1"),
        ('list contains(hits(co.sum), "big")', f"the {AREAS} include big"),
        (
            'signer(settled: true, amount: co.sum) in ("chair", "exec_team")',
            (
                "the role that the table 'Who signs' gives for yes as settled and the standing "
                "commitment's yearly sum is the Chair or the Executive team"
            ),
        ),
        ("is_known(duties(co.sum))", f"what {SIZE} is known"),
    ],
)
def test_what_a_table_gives_is_said_by_its_column(text: str, said: str) -> None:
    policy = policy_from(CLUB.replace("---\nkind: rules", TABLES, 1))
    node = parse(text)
    assert in_words(with_types(node, check(node, policy.facts)), policy) == said


FUNDS = """
---
kind: registers
registers:
  - register: funds
    noun: fund
    root: fund
    plural: funds
    fields: {sum: {type: money, label: total}, reason: {type: text}}
"""


def test_a_record_that_is_one_of_several_has_its_own_labels() -> None:
    policy = policy_from(CLUB + FUNDS)

    def said(text: str) -> str:
        node = parse(text)
        return in_words(with_types(node, check(node, policy.facts)), policy)

    some = 'some c in cos satisfies c.sum > @"9 GBP" and c.within_budget'
    such = "its yearly sum is above 9 GBP and it is within the budget"
    assert said(some) == f"there is a standing commitment for which {such}"
    assert "yearly sum is above 9 GBP" in said(some.replace("cos", 'cos[reason = "a"]'))
    assert said('some f in funds satisfies f.sum > @"9 GBP"') == "some fund's total is above 9 GBP"
