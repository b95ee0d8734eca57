"""What does a first case look like? A small one that already works, with a word on every part of it."""

from __future__ import annotations

from detente.case.files import CASE_FILE

STANCES_FILE = "stances.csv"
DEFAULT_TITLE = "Fishing in the Narrow Strait (an example to overwrite)"

_HEAD = """\
# A détente case. Everything below is an invented example: replace it by your own.
# See what is still wrong or missing with: detente check {name}
# See where the issues would settle with:  detente brief {name}

detente: 1
title: {title}
question: Who may catch how much in the strait from next year on?
as_of: 2030-01-31 # what was known when

# A number may carry doubt, and should where you are not sure:
#   40              exact
#   40 ± 10         about 40, give or take 10 (mean and standard deviation; +- is read too)
#   20..60          anything between 20 and 60 is alike likely
#   20..35..60      lowest, likeliest, highest
#   [30, 45 ± 5]    two experts who disagree

sources: # what was said or done, where one can read it; cite them with 'because'
  minister-2030-01: {{title: Statement to parliament, publisher: Government of Northland, date: 2030-01-12}}
  fleet-2029-12: {{title: Open letter, publisher: Southern Fleet Association, date: 2029-12-03}}
  survey-2029: {{title: Survey of the fish stock, publisher: Strait Commission, date: 2029}}

actors: # who takes part; the short names on the left are used below
  northland: {{name: Northland}}
  southland: {{name: Southland}}
  fleet: {{name: Southern fishing fleet}}
  commission: {{name: Strait Commission}}

issues: # what is negotiated, each on a scale of numbers whose ends you put into words
  quota:
    name: Yearly catch
    question: How many thousand tonnes may be caught in a year?
    scale:
      0: the strait is closed to fishing
      50: what the survey calls safe
      120: as much as before
    unit: thousand tonnes
    no_deal: 90..120 # what happens without agreement (leave it out if you cannot say)
    because: [survey-2029]
  inspections:
    name: Inspections at sea
    scale:
      0: none
      100: every ship, every trip
    unit: per cent of trips

"""

_STANCES = """\
# position   what the actor wants, on the issue's scale
# salience   how much it cares, 0 to 1
# influence  its weight on this issue; only ratios count
# accepts    a red line, where the actor has drawn one
stances:
  quota:
    northland: {position: 45 ± 8, salience: 0.8, influence: 100, accepts: "<= 80",
      because: [minister-2030-01]}
    southland: {position: 70..80..100, salience: 0.6, influence: 80, because: [fleet-2029-12]}
    fleet: {position: 110 ± 5, salience: 0.95, influence: 30 ± 10, because: [fleet-2029-12]}
    commission: {position: 50, salience: 0.7, influence: 20 ± 5, because: [survey-2029]}
  inspections:
    northland: {position: 60 ± 15, salience: 0.5, influence: 100, because: [minister-2030-01]}
    southland: {position: 30..50, salience: 0.3, influence: 80, because: [fleet-2029-12]}
    fleet: {position: 10, salience: 0.8, influence: 30 ± 10, because: [fleet-2029-12]}
    commission: {position: [80, 90 ± 5], salience: 0.9, influence: 20 ± 5, because: [survey-2029]}

"""

_ELSEWHERE = f"""\
# Who wants what stands in {STANCES_FILE}, beside this file: one row per actor and issue.

"""

_FOOT = """\
scenarios: # what if: a name and the numbers that change
  stock-recovers:
    name: The fish come back
    changes:
      stances.quota.commission.position: 70 ± 5
      stances.quota.northland.salience: 0.4
"""

_TABLE = """\
issue,actor,position,salience,influence,accepts,because
quota,northland,45 ± 8,0.8,100,<= 80,minister-2030-01
quota,southland,70..80..100,0.6,80,,fleet-2029-12
quota,fleet,110 ± 5,0.95,30 ± 10,,fleet-2029-12
quota,commission,50,0.7,20 ± 5,,survey-2029
inspections,northland,60 ± 15,0.5,100,,minister-2030-01
inspections,southland,30..50,0.3,80,,fleet-2029-12
inspections,fleet,10,0.8,30 ± 10,,fleet-2029-12
inspections,commission,"[80, 90 ± 5]",0.9,20 ± 5,,survey-2029
"""


def starter_file(name: str, title: str = DEFAULT_TITLE) -> str:
    """Return the text of a case file.

    Args:
        name: of the file, for the commands that its comments show.
        title: of the case.
    """
    return _head(name, title) + _STANCES + _FOOT


def starter_folder(name: str, title: str = DEFAULT_TITLE) -> dict[str, str]:
    """Return file name → text of a case folder, the stances in a table."""
    return {STANCES_FILE: _TABLE, CASE_FILE: _head(name, title) + _ELSEWHERE + _FOOT}


def _head(name: str, title: str) -> str:
    from detente.case.writing import flow

    return _HEAD.format(name=name, title=flow(title))
