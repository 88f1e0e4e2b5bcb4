"""Letters by e-mail: planned with the facts, sent once, proved."""
