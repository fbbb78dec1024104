"""``tsunagu keys`` and ``tsunagu verify``."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from loader.cli.words import Words
from loader.config import Config, find_home, read_config
from loader.errors import ReleaseError, UsageError
from loader.proof import keys as home_keys
from loader.proof.algorithms import fingerprint, read_certificate, read_public
from loader.proof.copies import FolderCopy, served_copy
from loader.proof.stamp import StampState
from loader.proof.store import check_store
from loader.proof.verification import Problem, SignatureState, Trust, Verdict, verify
from loader.release import MANIFEST, RELEASES, Release, current

_SIGNED = {
    SignatureState.VALID: "verify.signature-valid",
    SignatureState.UNKNOWN_KEY: "verify.signature-unknown",
    SignatureState.WRONG: "verify.signature-bad",
}
_STAMPED = {
    StampState.VALID: "verify.stamp-valid",
    StampState.UNCONFIRMED: "verify.stamp-unconfirmed",
    StampState.WRONG: "verify.stamp-bad",
}


def keys(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Make, list or retire keys of the home."""
    home = find_home(options.home)
    if options.action == "new":
        made = home_keys.new(home)
        console.print(words("keys.new", key=made.id, path=made.path), markup=False, soft_wrap=True)
    elif options.action == "retire":
        if options.id is None:
            raise UsageError("keys.which")
        retired = home_keys.retire(home, options.id)
        console.print(words("keys.retired", key=retired.id), markup=False, soft_wrap=True)
    _list(home, options.format, words)
    return 0


def _list(home: Path, format_: str, words: Words) -> None:
    entries = [
        {
            "id": key.id,
            "active": key.active,
            "fingerprint": key.fingerprint,
            "public_key": str(key.path),
        }
        for key in home_keys.keys(home)
    ]
    if format_ == "json":
        _write_json(entries)
        return
    for entry in entries:
        state = words("keys.active") if entry["active"] else words("keys.inactive")
        sys.stdout.write(f"{entry['id']}  {state}  SHA256:{entry['fingerprint']}\n")
    if not entries:
        sys.stdout.write(words("keys.none", home=home) + "\n")


def verify_release(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Verify a copy of a release; 0 untampered, 1 not, 2 it cannot be read."""
    home = find_home(options.home)
    config = read_config(home)
    known = trust(options, home, config)
    asked = options.copy
    if asked is not None and "://" in asked:
        verdict = verify(served_copy(asked, config.fetch), known)
        _check_name(asked.rstrip("/").removesuffix(f"/{MANIFEST}").rpartition("/")[2], verdict)
    else:
        found = _release(home, asked)
        verdict = verify(FolderCopy(found.path), known)
        if not options.no_store:
            check_store(found, verdict)
    if options.format == "json":
        _write_json(_as_json(verdict))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in verdict_lines(verdict, words)))
    return 0 if verdict.untampered else 1


def trust(options: argparse.Namespace, home: Path, config: Config) -> Trust:
    """Return whom the options trust; without a key, the keys of the home."""
    if options.keys:
        known = [read_public(path) for path in options.keys]
    else:
        known = [key.public for key in home_keys.keys(home)]
        if config.signing.certificate:
            known.append(read_public(config.signing.certificate))
    root = options.tsa_certificate or config.signing.tsa_certificate
    roots = [read_certificate(root)] if root else []
    return Trust(frozenset(map(fingerprint, known)), roots, demanded=bool(options.keys))


def _release(home: Path, asked: str | None) -> Release:
    if asked is None:
        found = current(home)
        if found is None:
            raise ReleaseError("serve.nothing", home=home)
        return found
    for path in (home / RELEASES / asked, Path(asked)):
        if (path / MANIFEST).is_file():
            return Release(path)
    raise ReleaseError("rollback.unknown", release=asked)


def _check_name(name: str, verdict: Verdict) -> None:
    # An older release, signed as it is, must not be passed off as another one.
    if name != verdict.release:
        verdict.problems.append(Problem("verify.other-release", MANIFEST))


def _as_json(verdict: Verdict) -> dict[str, object]:
    stamp = verdict.time_stamp
    time = stamp.time.isoformat() if stamp and stamp.time else None
    return {
        **asdict(verdict),
        "time_stamp": {"state": stamp.state, "time": time} if stamp else None,
        "untampered": verdict.untampered,
        "authentic": verdict.authentic,
    }


def verdict_lines(verdict: Verdict, words: Words) -> list[str]:
    """Tell what verification found, and what it amounts to."""
    lines = [
        words("verify.release", release=verdict.release, base=verdict.base_iri),
        words("verify.files", files=verdict.files, bytes=verdict.bytes),
        words("verify.manifest", sha256=verdict.manifest_sha256),
    ]
    for item in verdict.signatures:
        who = item.subject or item.key
        text = words(_SIGNED[item.state], who=who, algorithm=item.algorithm)
        lines += [text, f"  SHA256:{item.fingerprint}"]
    if not verdict.signatures:
        lines.append(words("verify.unsigned"))
    if verdict.time_stamp and verdict.time_stamp.time:
        time = verdict.time_stamp.time.strftime("%Y-%m-%d %H:%M:%S UTC")
        lines.append(words(_STAMPED[verdict.time_stamp.state], time=time))
    lines += [words(problem.code, file=problem.file) for problem in verdict.problems]
    return [*lines, words(_conclusion(verdict))]


def _conclusion(verdict: Verdict) -> str:
    if not verdict.untampered:
        return "verify.tampered"
    return "verify.authentic" if verdict.authentic else "verify.whole"


def _write_json(content: object) -> None:
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
