"""What search adds to the command line."""

from services.search.commands.evaluate import search
from services.search.commands.register import register

search.add_command(register)

COMMANDS = (search,)
