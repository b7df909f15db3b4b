"""The sections of a document, a module for each kind of thing that a policy has to say."""
