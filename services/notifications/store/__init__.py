"""What notifications keeps: notices, the directory of recipients, and what it knows of cases and contacts."""
