"""How notices reach people: one channel, through Apprise, to addresses of the kinds allowed."""
