"""Documents carry the number of their shape, and are read in the shape of today."""

import json

import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select, text

from pmo_engine.decisions.published import PublishedPolicy
from pmo_engine.model.durations import Span
from pmo_engine.store import tables
from pmo_engine.store.columns import SHAPE, Document, Modelled, Shaped, TimeAllowed, as_kept
from pmo_engine.store.errors import Newer


def named(document):
    return {"name": document["title"], **{k: v for k, v in document.items() if k != "title"}}


def in_words(document):
    return {**document, "size": "large" if document["size"] > 9 else "small"}


FIRST, SECOND, THIRD = (Shaped("box", (named, in_words)[:number]) for number in range(3))


@pytest.fixture
def boxes(url):
    """Gives the table of boxes, as a program sees it that knows a number of shapes."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    def table(shaped):
        return Table("boxes", MetaData(), Column("id", String), Column("box", shaped))

    table(FIRST).create(engine)
    with engine.begin() as connection:
        yield connection, table
    table(FIRST).drop(engine)
    engine.dispose()


def kept(boxes, box, shaped):
    connection, table = boxes
    connection.execute(insert(table(shaped)), {"id": "b", "box": box})


def seen(boxes, shaped):
    connection, table = boxes
    return connection.scalars(select(table(shaped).c.box)).one()


def test_an_earlier_shape_is_read_in_the_one_of_today(boxes):
    kept(boxes, {"title": "Nails", "size": 10}, FIRST)
    assert seen(boxes, FIRST) == {"title": "Nails", "size": 10}
    assert seen(boxes, SECOND) == {"name": "Nails", "size": 10}
    assert seen(boxes, THIRD) == {"name": "Nails", "size": "large"}


def test_only_the_steps_from_its_own_shape_are_made(boxes):
    kept(boxes, {"name": "Nails", "size": 10}, SECOND)
    assert seen(boxes, THIRD) == {"name": "Nails", "size": "large"}


def test_what_carries_no_number_is_of_the_first_shape(boxes):
    boxes[0].execute(text("""INSERT INTO boxes VALUES ('b', '{"title": "Nails", "size": 1}')"""))
    assert seen(boxes, SECOND) == {"name": "Nails", "size": 1}


def test_nothing_stays_nothing(boxes):
    kept(boxes, None, THIRD)
    assert seen(boxes, THIRD) is None
    assert boxes[0].scalars(text("SELECT count(*) FROM boxes WHERE box IS NULL")).one() == 1


def test_a_shape_of_a_later_program_is_left_alone(boxes):
    kept(boxes, {"name": "Nails", "size": "large"}, THIRD)
    with pytest.raises(Newer, match=r"a box is kept in shape 3, .* shapes up to 2: .* later"):
        seen(boxes, SECOND)


def test_the_number_lies_in_the_document(boxes):
    kept(boxes, {"name": "Nails", "size": 1}, SECOND)
    raw = boxes[0].scalars(text("SELECT box FROM boxes")).one()
    raw = json.loads(raw) if isinstance(raw, str) else raw
    assert raw == {SHAPE: 2, "name": "Nails", "size": 1}


POLICY = PublishedPolicy(name="city", version="1", digest="d", on="2026-03-02")


def test_a_model_is_read_back_as_the_model_that_it_was(boxes):
    kept(boxes, POLICY, Modelled("box", PublishedPolicy))
    assert seen(boxes, Modelled("box", PublishedPolicy)) == POLICY
    assert seen(boxes, FIRST) == POLICY.model_dump()


def test_a_model_is_made_of_a_document_in_the_shape_of_today(boxes):
    kept(boxes, {"title": "city", "version": "1", "digest": "d", "on": "2026-03-02"}, FIRST)
    assert seen(boxes, Modelled("box", PublishedPolicy, (named,))) == POLICY


@pytest.mark.parametrize("or_none", [True, False])
def test_no_model_is_an_empty_document_where_it_is_said(boxes, or_none):
    shaped = Modelled("box", PublishedPolicy, or_none=or_none)
    kept(boxes, None, shaped)
    assert seen(boxes, shaped) is None
    assert seen(boxes, FIRST) == ({} if or_none else None)


def test_a_time_allowed_is_kept_as_it_is_written(boxes):
    connection, table = boxes
    times = Table("boxes", MetaData(), Column("id", TimeAllowed), Column("box", FIRST))
    connection.execute(insert(times), [{"id": Span.parse("1 working day")}, {"id": None}])
    assert set(connection.scalars(select(times.c.id))) == {Span(1, "working_day"), None}
    assert set(connection.scalars(select(table(FIRST).c.id))) == {"1 working day", None}


def test_as_it_is_kept_a_document_has_its_number_and_a_time_its_words(boxes):
    connection, _ = boxes
    shaped = Modelled("box", PublishedPolicy, (named,))
    made = Table("boxes", MetaData(), Column("id", TimeAllowed), Column("box", shaped))
    connection.execute(insert(made), {"id": Span(2, "day"), "box": POLICY})
    [row] = connection.execute(select(*map(as_kept, made.columns)))
    assert row == ("2 days", {SHAPE: 2, **POLICY.model_dump()})


PLAIN = {
    "assessments.findings",  # sentences
    "assessments.missing",  # names
    "delegations.acts",  # names
    "delegations.projects",  # names
    "judgements.findings",  # sentences
    "journal.body",  # of which its line says the form
    "listing_parts.items",  # digests, or keys with versions
    "obligations.also_rules",  # names
    "obligations.reasons",  # sentences
    "policy_texts.files",  # texts by the names of their files
    "rounds.missed",  # periods
    "settings.value",  # a word each
}


def test_every_document_of_a_shape_of_ours_is_counted():
    documents = {
        f"{table.name}.{column.name}": column.type
        for table in tables.whole().tables.values()
        for column in table.columns
        if isinstance(column.type, Document)
    }
    assert len(documents) > len(PLAIN)
    counted = {name for name, each in documents.items() if isinstance(each, Shaped)}
    assert set(documents) - counted == PLAIN
    assert tables.Decision.__tablename__ in {name.partition(".")[0] for name in counted}
