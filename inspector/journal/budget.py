"""How much a journal keeps, as the settings say it."""

from inspector.journal.protocol import JournalLimits
from inspector.settings import Settings


def limits_of(settings: Settings) -> JournalLimits:
    """Return the limits that these settings set."""
    return JournalLimits(
        max_bytes=settings.retain_bytes,
        max_exchanges=settings.retain_exchanges,
        max_age_s=settings.retain_hours * 3600,
    )
