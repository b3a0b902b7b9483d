#!/usr/bin/env python3
"""Makes the first use of each abbreviation in a document a link to docs/glossary.md.

    tools/link_glossary.py [DOCUMENT...]       without documents: all of them

The rule and the abbreviations are those of tests/OpenSts.Architecture.Tests/Rules/DocumentRules.cs, which holds them.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "tests/OpenSts.Architecture.Tests/Rules/DocumentRules.cs"
LINK = re.compile(r"!?\[[^\]]*\]\([^)\s]+(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +.+?\s*$", re.M)
FENCE = re.compile(r"^[ \t]*```[\s\S]*?^[ \t]*```[ \t]*$", re.M)
CODE = re.compile(r"`[^`\n]+`")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def anchors():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    found = {}
    for anchor, names in re.findall(r'<a id="([^"]+)"></a>([^|]+)\|', glossary):
        for name in re.findall(r"[\w#]+", names):
            found.setdefault(name, anchor)
    return found


def main(arguments):
    abbreviations = re.findall(r'"(\w+)"', RULES.read_text(encoding="utf-8").split("Abbreviations =")[1].split("];")[0])
    known = anchors()
    documents = [pathlib.Path(a).resolve() for a in arguments] or [
        p for p in sorted(ROOT.rglob("*.md"))
        if not {"artifacts", ".git", "node_modules", "site"} & set(p.relative_to(ROOT).parts)
        and not str(p.relative_to(ROOT)).startswith(("bench/results", "src/"))]
    for document in documents:
        if document in (ROOT / "docs/glossary.md", ROOT / "CHANGELOG.md"):
            continue
        text = document.read_text(encoding="utf-8")
        before = text
        glossary = os.path.relpath(ROOT / "docs/glossary.md", document.parent)
        for abbreviation in abbreviations:
            plain = HEADING.sub(blank, CODE.sub(blank, FENCE.sub(blank, text)))
            use = re.search(r"(?<![\w/.#(-])" + re.escape(abbreviation) + r"(?![\w/.-]*[\w/-])", plain)
            if not use:
                continue
            if any(link.start() < use.start() < link.end() for link in LINK.finditer(plain)):
                continue
            link = f"[{abbreviation}]({glossary}#{known[abbreviation]})"
            text = text[:use.start()] + link + text[use.end():]
        if text != before:
            document.write_text(text, encoding="utf-8")
            print(document.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
