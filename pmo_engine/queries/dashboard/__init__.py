"""The dashboard of a portfolio: what it is worked out of, rolled up, coloured and drawn."""
