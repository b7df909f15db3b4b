"""Commands about the portfolio: colours that are overridden, cycles that are closed."""
