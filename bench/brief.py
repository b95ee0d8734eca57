"""What does a brief take beside the solving that it cannot avoid? Lens by lens, then by one process and by two.

The bound is what the lenses' answers take of processor time, dealt out to two processors that never wait. Beside
it stand the study and the outlook, what composing takes, and the page.
"""

from __future__ import annotations

from time import process_time

from bench.clock import seconds, table
from detente.catalog import open_case
from detente.lenses import Effort, available, lens
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import default_workers
from detente.lenses.join import Joint
from detente.report import brief

CASE, PROCESSES = "us-russia-2024", 2


def main() -> None:
    """Print what each part takes, and the ratio of the whole to what solving takes."""
    case = open_case(CASE)
    first: list[float] = []
    start = process_time()
    brief(case, heard=lambda _: first.append(process_time() - start))  # compiles, or loads what was compiled
    print(
        f"{CASE}, 10,000 draws, {default_workers()} processors; first answer of the first run {first[0]:.1f} s"
    )
    versions = {
        AS_IT_STANDS: case,
        **{k: case.with_(scenario=k) for k, v in case.scenarios.items() if v.changes},
    }
    names = [name for name in available() if lens(name).reads(case)]
    joint, rows, solving = Joint(case, names), [], 0.0
    for name in joint.order(names):
        before = process_time()
        joint.lens(name).answer(versions, Effort(workers=1))
        solving += process_time() - before
        rows.append((name, f"{process_time() - before:.2f}"))
    table(("lens", "processor s"), rows)
    alone = seconds(lambda: brief(case))
    both, made = seconds(lambda: brief(case, processes=PROCESSES)), brief(case, processes=PROCESSES)
    bound = solving / PROCESSES
    table(
        ("whole brief", "s", "× bound"),
        [
            ("by one process", f"{alone:.2f}", f"{alone / bound:.2f}"),
            ("by two", f"{both:.2f}", f"{both / bound:.2f}"),
            ("its page", f"{seconds(made.to_html):.2f}", ""),
        ],
    )
