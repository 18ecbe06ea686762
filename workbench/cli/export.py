"""`workbench export`: an approved bundle as a config for wherever leads are scored."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from workbench.approval import export, read_bundle
from workbench.approval.exports import TARGETS
from workbench.cli.arguments import add_json
from workbench.cli.terminal import printed, say, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="folder that `workbench approve` wrote")
    parser.add_argument("--to", choices=list(TARGETS), required=True, help="what to write")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write it into")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Verify the bundle, then write the file."""
    model = read_bundle(args.bundle).model
    file = export(args.bundle, to=args.to, out=args.out)
    if args.json:
        say_json(
            {
                "file": str(file),
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                "to": args.to,
                "model": {
                    "name": model.name,
                    "version": model.version,
                    "scoring_digest": model.scoring_digest,
                    "document_digest": model.document_digest,
                },
            }
        )
    else:
        say(printed(f"{model.name} version {model.version} written to {file}"))
    return 0
