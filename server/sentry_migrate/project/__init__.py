"""What surrounds a file: settings, requirements, modules, re-exports, which files there are.

Knows neither trees nor rules. Nothing here runs a line of the project.
"""
