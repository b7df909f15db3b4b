"""Files that remember where they stand: YAML with marks, diagnostics, codes, text written back."""
