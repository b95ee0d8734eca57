"""How the documentation is built: offline, with every warning an error (see `make docs`)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for docs.tools

from detente.version import __version__

project = "détente"
author = "The détente authors"
project_copyright = author
version = release = __version__
language = "en"
default_role = "literal"  # `name` in a docstring is code

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docs.tools.mathml",
    "docs.tools.models",
]
exclude_patterns = ["_build"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
python_maximum_signature_line_length = 80
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"détente {__version__}"
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
