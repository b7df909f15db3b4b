"""Communications and stakeholder engagement: stakeholders are managed effectively."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, live

STANCES = ("blocks", "resists", "neutral", "supports", "leads")


class Stakeholders(FunctionalRole):
    """Powerful stakeholders were contacted lately, and stand where they are wanted."""

    id = "stakeholders"
    title = "Communications and stakeholder engagement"
    pack = rules_dir() / "stakeholders"

    def assess(self, review: Review) -> Assessment:
        people = live(review.register("stakeholders"))
        if missing := gaps("stakeholders", people, "power"):
            return Assessment.cannot_tell(missing)
        powerful = [who for who in people if who["power"] >= review.parameter("power_floor")]
        if missing := absent(powerful, "last_contact", "stance_now", "stance_wanted"):
            return Assessment.cannot_tell(missing)
        days = review.parameter("contact_days")
        late = [who for who in powerful if (review.today - who["last_contact"]).days > days]
        against = [who for who in powerful if _falls_short(who)]
        if late:
            return Assessment.not_met(f"no contact for more than {days} days", late)
        if against:
            return Assessment.not_met("less supportive than wanted", against)
        return Assessment.met()


def _falls_short(who: Entry) -> bool:
    return STANCES.index(who["stance_now"]) < STANCES.index(who["stance_wanted"])
