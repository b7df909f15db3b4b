"""The policy language: files with marks, their schema, FEEL, and the one bound tree."""
