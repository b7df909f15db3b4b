"""The functional roles: what each adds to its pack in Python, by the door that plug-ins use."""
