"""How two descriptions of an adult are brought to one form, compared and weighed. Pure: no database, no
clock."""
