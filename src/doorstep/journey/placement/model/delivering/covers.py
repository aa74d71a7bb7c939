"""Which locations have everything between them. Pure."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from doorstep.journey.placement.model.delivering.ways import Case, Effort


class Covers:
    """Answers for one case; a line may come from several locations."""

    def __init__(self, case: Case) -> None:
        rows = [(demand.quantity, row) for demand, row in zip(case.demands, case.free, strict=True)]
        checks = [(sum(1 << at for at, free in enumerate(row) if free >= wanted), wanted, row) for wanted, row in rows]
        self._checks = sorted(checks, key=lambda check: check[0].bit_count())  # the scarce ones first: they say no

    def suffice(self, locations: Sequence[int]) -> bool:
        """Whether these have everything."""
        mask = sum(1 << at for at in locations)
        return all(whole & mask or sum(row[at] for at in locations) >= wanted for whole, wanted, row in self._checks)

    def splits(self, locations: Sequence[int]) -> int:
        """How many demands none of these has whole."""
        mask = sum(1 << at for at in locations)
        return sum(not whole & mask for whole, _, _ in self._checks)

    def of_size(self, count: int, among: Sequence[int], effort: Effort) -> Iterator[tuple[int, ...]]:
        """Every choice of so many that have everything, in the plan's order."""
        if not self.suffice(among):
            return
        needed = [at for at in among if not self.suffice([other for other in among if other != at])]
        others = [at for at in among if at not in needed]
        if len(needed) > count:
            return
        for some in combinations(others, count - len(needed)):
            if not effort.spend():
                return
            chosen = tuple(sorted((*needed, *some))) if needed else some
            if self.suffice(chosen):
                yield chosen
