"""`python -m slap_studio`."""

from slap_studio.cli import main

if __name__ == "__main__":
    main()
