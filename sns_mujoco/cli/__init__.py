"""The `sns-mujoco` command."""

import sys


def main() -> None:
    """Run the command line; what a user did wrong is said in a line, without a traceback."""
    from sns_mujoco.cli.instruments import app
    from sns_mujoco.errors import SnsError

    try:
        app()
    except (SnsError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
