"""Prefect flows, each the schedule, the retries and the window around one command."""
