"""Who wants what in a case? Its actors, its issues, and every stance with its doubt."""

from __future__ import annotations

from detente.cli.options import Version, case_options, issue_option, known_issues
from detente.cli.output import Output, answers


@answers("show")
@case_options
@issue_option
def command(of: Version, issues: tuple[str, ...], out: Output) -> None:
    """Show CASE in words: consent, stances, deals, game.

    Who must agree to what, who wants what on every issue, and who can do what.
    Actors stand in the order of their positions. With --scenario or --set, a
    star marks what differs from the case as it stands.
    """
    from detente.cli.records import ShownCase
    from detente.report.stated import size, stated

    case = of.case
    known_issues(case, issues)
    if not (issues or out.as_json):
        dated = f"as of {case.as_of}; " if case.as_of else ""
        out.head(case, case.question or "", f"{dated}{size(case)}; fingerprint {case.fingerprint}")
    out.give(lambda: ShownCase.of(case), lambda: stated(case, of.base, issues))
