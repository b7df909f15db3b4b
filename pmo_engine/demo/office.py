"""The office of the demo: a simulated clock, and a mail server that gets its notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.app import open_governance, set_clock
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.settings import Settings
from pmo_engine.store.database import Database
from pmo_engine.work.notices.delivery import deliver
from pmo_engine.work.notices.sweep import sweep

if TYPE_CHECKING:
    from pmo_engine.demo.folder import Folder
    from pmo_engine.notify.inbox import InboxServer, Mail
    from pmo_engine.store.tables import JournalEntry
    from pmo_engine.work.governance import Governance

HALF_A_DAY = timedelta(hours=12)
DOMAIN = "harbour-city.example"


def create(folder: Folder, policy: Path, start: datetime) -> Governance:
    """Make a store as a demo, which alone lets it hold a simulated clock, and open it."""
    database = Database(folder.database)
    database.migrate()
    set_clock(database, start)
    database.close()
    return open_governance(Settings(database=folder.database, policy=policy))


@dataclass
class Office:
    """What the story is played with."""

    governance: Governance
    clock: SimulatedClock
    inbox: InboxServer
    mail: Path
    _seen: int = 0
    _read: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """Give the simulated moment, as the office's clock on the wall shows it."""
        return self.clock.now().astimezone(self.governance.rules.zone)

    def local(self, text: str) -> datetime:
        """Give the moment that a date and time at the office stand for."""
        return datetime.fromisoformat(text).replace(tzinfo=self.governance.rules.zone)

    def move_to(self, moment: datetime) -> None:
        """Let time pass; the store knows it too, so that other commands agree."""
        self.clock.set(moment)
        set_clock(self.governance.database, moment)

    def forward(self, by: timedelta) -> None:
        """Let time pass, and do what became due meanwhile."""
        self.move_to(self.clock.now() + by)
        sweep(self.governance)

    def until(self, moment: datetime) -> None:
        """Let time pass up to a moment, a sweep after each half day."""
        while self.clock.now() < moment:
            self.forward(min(HALF_A_DAY, moment - self.clock.now()))

    def address(self, person: str) -> str:
        """Give the Apprise URL of a person's mailbox at the local mail server."""
        return self.inbox.address(f"{person}@{DOMAIN}", f"pmo@{DOMAIN}")

    def deliver(self) -> list[Mail]:
        """Send what waits, keep what arrived as files, and give it."""
        deliver(self.governance, AppriseChannel())
        arrived = self.inbox.messages()[self._seen :]
        for number, mail in enumerate(arrived, self._seen + 1):
            name = f"{number:03}-{mail.recipients[0].partition('@')[0]}.eml"
            (self.mail / name).write_bytes(bytes(mail.message))
        self._seen += len(arrived)
        return arrived

    def news(self, chain: str) -> list[JournalEntry]:
        """Give the lines of a chain of the journal that were not given before."""
        with self.governance.reading() as c:
            lines = c.uow.journal.read(chain, self._read.get(chain, 0))
        if lines:
            self._read[chain] = lines[-1].seq
        return lines
