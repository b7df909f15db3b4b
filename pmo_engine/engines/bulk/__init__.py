"""The figures of many projects at once: each record looked at once, and parts that add up.

What is out of the ordinary (a fact that is missing, a null, an error) is left to the walk that
defines the language, so that a figure has one meaning.
"""
