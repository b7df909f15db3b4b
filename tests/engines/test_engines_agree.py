"""Every engine says what the reference says, of random policies and facts."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings

from pmo_engine.model.money import Money
from tests.engines.samples import case, policy, records, rule
from tests.engines.strategies import Trial, agreed, trials

MANY = 520


@settings(
    max_examples=300,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(trials())
def test_engines_agree(trial):
    agreed(trial)


def test_more_than_five_hundred_rules_agree():
    rules = [rule(f"r{place}", _condition(place)) for place in range(MANY)]
    rules.append(rule("total", None, fact="level", value="count(changes[critical])"))
    later = [rule(f"l{place}", f"level > {place} or change.urgent") for place in range(20)]
    trial = Trial(policy([rules, later]), _cases())
    found = agreed(trial)
    assert all(len(each.fired) > MANY // 4 for each in found[:2])
    assert len(found[2].unknown) > MANY // 2


def _condition(place: int) -> str:
    pounds = f'@"{1000 * place}.01 GBP"'
    return (
        f"change.cost > {pounds} or change.score = {place}",
        f"change.score <= {place} and not(change.critical)",
        f"some c in changes satisfies c.cost >= {pounds} and c.score < {place}",
        f"change.cost / change.score > {pounds}",
    )[place % 4]


def _cases():
    cost = Money(Decimal("260000.01"), "GBP")
    changes = records({"cost": cost, "score": Decimal(2), "critical": True}, {"cost": cost})
    change = {"cost": cost, "score": Decimal(5), "critical": False, "urgent": False}
    return (
        case(change, changes=changes),
        case(change | {"score": Decimal(0)}, changes=[]),
        case({"critical": True}),
    )


def test_conditions_at_their_limits_agree():
    limits = ('change.cost {} @"50000.01 GBP"', "change.score {} 10", "change.score {} change.rate")
    texts = [limit.format(sign) for limit in limits for sign in ("=", "!=", "<", "<=", ">", ">=")]
    rules = [rule(f"r{place}", text) for place, text in enumerate(texts)]
    amounts = ("50000", "50000.01", "50000.015", "50000.02", "50000.0100000000000000000000001")
    numbers = ("9.9", "10", "10.0", "10.0000000000000000000000000001", "11")
    cases = [
        case({"cost": Money(Decimal(a), "GBP"), "score": Decimal(n), "rate": Decimal(10)})
        for a, n in zip(amounts, numbers, strict=True)
    ]
    found = agreed(Trial(policy([rules]), tuple(cases)))
    assert {len(each.fired) for each in found} == {9}
