"""The back-end in which durable_rules matches and fires.

``host`` is the library, ``encoding`` values, ``conditions`` the normal forms, ``compile`` a
stratum's passes, ``cases`` the facts of one case; ``backend`` puts them together.
"""

from pmo_engine.engines.durable.backend import Durable, EngineDisagreement, hoisted_terms
from pmo_engine.engines.durable.host import BackendUnavailable, HostError

__all__ = ["BackendUnavailable", "Durable", "EngineDisagreement", "HostError", "hoisted_terms"]
