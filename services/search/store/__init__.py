"""What search keeps, and the only SQL of the service."""
