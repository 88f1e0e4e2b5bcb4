"""What is counted, in which stretch of time, how it is rounded, and what must be held back."""
