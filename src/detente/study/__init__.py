"""ACROSS LENSES: what do all of them together answer? One verdict, one per issue, and the ladder."""

from detente.study.answer import Answer as Answer
from detente.study.answer import compose as compose
from detente.study.answer import in_order as in_order
from detente.study.issues import IssueVerdict as IssueVerdict
from detente.study.lines import DealLine as DealLine
from detente.study.lines import beside as beside
from detente.study.lines import deal_lines as deal_lines
from detente.study.lines import deal_table as deal_table
from detente.study.lines import issue_sections as issue_sections
from detente.study.tables import tables as tables
from detente.study.verdict import parted as parted
