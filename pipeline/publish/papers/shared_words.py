"""The officer's words that stand in two papers: those of the report stand in its correction, too.

What is written in the correction itself stays there; what only came from the report follows the report.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.publish.papers.carry import OldWords, Written
from pipeline.publish.papers.document import Filled
from pipeline.publish.papers.places import plain, print_of, read_stamp


@dataclass(frozen=True, slots=True)
class SharedWords:
    """Report and correction as they lay there, and the places of the new report."""

    report: OldWords = field(default_factory=OldWords)
    filled: Sequence[Filled] = ()
    correction: OldWords = field(default_factory=OldWords)

    def for_correction(self) -> OldWords:
        """What the places of the new correction are filled from."""
        told = {
            item.place.key: Written(item.words, read_stamp(item.stamp), bool(item.remark))
            for item in self.filled
            if item.words
        }
        known, own = self.report.written, self.correction.written
        kept = {key: found for key, found in own.items() if _is_own(found, known.get(key))}
        return replace(self.correction, written={**told, **kept})


def _is_own(found: Written, report: Written | None) -> bool:
    """Not what the last run had written into both papers alike, untouched since."""
    if report is None or report.stamp is None or found.stamp is None:
        return True
    return print_of(plain(found.words)) != found.stamp.words or found.stamp.words != report.stamp.words
