"""What a measurement is told: the database it measures on, how often it repeats, and how far it goes."""

from msgspec import Struct

from bench.figures import Figure, Row

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "none": "–"}


class Assignment(Struct, frozen=True, kw_only=True):
    """One topic on one database. `full` is for measurements that take an hour and not minutes."""

    topic: str
    database: str
    url: str
    repetitions: int
    full: bool = False

    def row(self, workload: str, seconds: float, figures: tuple[Figure, ...]) -> Row:
        """What a workload gave."""
        return self._row(workload, seconds=seconds, figures=figures)

    def skipped(self, workload: str, why: str) -> Row:
        """A workload that was left out."""
        return self._row(workload, skipped=why)

    def _row(self, workload: str, seconds: float = 0.0, figures: tuple[Figure, ...] = (), skipped: str = "") -> Row:
        return Row(
            topic=self.topic,
            database=NAMES[self.database],
            workload=workload,
            command=f"PYTHONPATH=. .venv/bin/python bench/run.py --only {self.topic}{' --full' if self.full else ''}",
            seconds=seconds,
            figures=figures,
            skipped=skipped,
        )
