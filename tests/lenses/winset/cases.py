"""Small cases for the win-set lens, among them the one whose every number is derived by hand."""

from __future__ import annotations

from typing import Any

from detente.case import Case


def two_capitals(**parts: Any) -> Case:
    """Return the case of two linked issues: the zone has area 1/24, and Nash's package is (100, 0)."""
    return Case.from_dict(
        {
            "title": "Two capitals",
            "actors": {
                "north": {"name": "North", "influence": 1},
                "south": {"name": "South", "influence": 1},
            },
            "issues": {
                "trade": {"name": "Trade", "scale": {0: "closed", 100: "open"}, "no_deal": 75},
                "arms": {"name": "Arms", "scale": {0: "none", 100: "any"}, "no_deal": 25},
            },
            "stances": {
                "trade": {
                    "north": {"position": 100, "salience": 0.75},
                    "south": {"position": 0, "salience": 0.25},
                },
                "arms": {
                    "north": {"position": 100, "salience": 0.25},
                    "south": {"position": 0, "salience": 0.75},
                },
            },
            "consent": {"all_of": ["north", "south"]},
            **parts,
        }
    )


def buyer_and_seller(buyer: str = "110 ± 10", seller: str = "100 ± 10") -> Case:
    """Return a price that a seller will not let fall below its limit, nor a buyer let rise above its own."""
    return Case.from_dict(
        {
            "title": "A price",
            "actors": {
                "buyer": {"name": "Buyer", "influence": 1},
                "seller": {"name": "Seller", "influence": 1},
            },
            "issues": {
                "price": {"name": "Price", "scale": {0: "free", 200: "dear"}, "no_deal": 0, "failure_cost": 2}
            },
            "stances": {
                "price": {
                    "buyer": {"position": 0, "salience": 1, "accepts": f"<= {buyer}"},
                    "seller": {"position": 200, "salience": 1, "accepts": f">= {seller}"},
                }
            },
            "consent": {"all_of": ["buyer", "seller"]},
        }
    )
