"""A demo of many offices: a portfolio office, spokes, a centre, offices that end, 20 projects."""
