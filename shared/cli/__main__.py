"""`python -m shared.cli` is `heed`."""

from shared.cli import main

if __name__ == "__main__":
    main()
