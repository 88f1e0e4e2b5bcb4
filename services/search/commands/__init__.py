"""What search adds to the command line."""

from services.search.commands.evaluate import search

COMMANDS = (search,)
