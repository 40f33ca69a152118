"""What a measurement hands to `make evaluate`."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.report import Row

# What nobody can measure without, by the start of the file's name.
PUBLIC_SETS = {
    "bitext": "Bitext customer support (CDLA-Sharing 1.0)",
    "clinc150": "CLINC150 / oos-eval (CC BY 3.0)",
    "hint3_sofmattress_v2": "HINT3, SOFMattress v2 (ODbL 1.0)",
    "airline_sentiment": "Twitter US Airline Sentiment (CC BY-NC-SA 4.0)",
}


@dataclass(frozen=True)
class Section:
    """A part of the report: its rows, and what else there is to say."""

    name: str
    rows: list[Row] = field(default_factory=list)
    note: str = ""


def missing(name: str, file: str) -> Section:
    """Returns a section that says which public set is not there."""
    known = [said for start, said in PUBLIC_SETS.items() if file.startswith(start)]
    where = f" It is from the public set {known[0]}." if known else ""
    note = f"Not measured: `{file}` is not in the folder EVALUATION_DATA.{where}"
    return Section(name, note=note)
