"""Help while policy files are written: what any editor can show that speaks the protocol for it.

What there is to say about a place in a text is worked out by functions of text and policy alone;
``server`` carries it to the editor.
"""
