"""THE KIT: records, tables, findings, words, blocks and figures, printed alike as page, screen and notebook.

It knows no lens. A lens tells its result as a `blocks.Chapter`; the printers are `page` and `screen`.
"""
