"""What an event means: the obligations that follow from the rules that fired."""
