"""`python -m slap_studio`, and where the built program begins."""

from slap_studio.bundled import prepare
from slap_studio.cli import main

if __name__ == "__main__":
    prepare()
    main()
