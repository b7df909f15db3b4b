def report(desk): return "<html>"
