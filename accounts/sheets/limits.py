"""How much of a file is taken in."""

from dataclasses import dataclass

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds of one file. Beyond any of them it is refused with a sentence; the last three end the reading process."""

    file_bytes: int = 20 * MB
    rows: int = 100_000  # below the header, blank ones not counted
    columns: int = 200
    text_bytes: int = 128 * MB  # of all cells in UTF-8: what the parent holds
    part_bytes: int = 400 * MB  # one part of the archive, unpacked
    unpacked_bytes: int = 600 * MB  # all parts together
    ratio: int = 150  # unpacked to packed; a million formatted empty rows come to 25
    memory: int = 640 * MB  # address space of the child; 100,000 × 20 cells take about 180 MB
    cpu_seconds: int = 60
    wall_seconds: int = 120


STANDARD = Limits()
