"""What a ledger has of publications."""

from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication


def count_rows(ledger: Ledger, publication: Publication, replaces: bool) -> None:
    """Rows that were told count. replaces: those of a report that is replaced as a whole, as it stands."""
    if not replaces:
        ledger.rows += 0 if publication.changelog is None else len(publication.changelog)
    elif publication.report is not None:
        ledger.rows = len(publication.report) + (0 if publication.replaces else ledger.rows)


def count_rest(ledger: Ledger, publication: Publication) -> None:
    """What there is besides rows. Records that turn out to give nothing were counted when they came."""
    ledger.corrections += publication.corrections
    ledger.retractions += publication.retractions
    ledger.undecided += publication.undecided
    ledger.stale += publication.stale
    ledger.refused += publication.refused
    ledger.filtered += publication.filtered
    ledger.bad_values += publication.bad_values
    ledger.counted -= publication.filtered
