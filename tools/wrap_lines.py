#!/usr/bin/env python3
"""Wraps lines of C# that reach column 120, between tokens only, so that nothing but white space changes.

    tools/wrap_lines.py FILE_OR_FOLDER...        rewrites the files and tells which lines are still too long

A string that alone is too long is split at a space; one without a space, and a raw or verbatim one, stays. Run `dotnet format` afterwards and read the result.
"""
import pathlib
import re
import sys

LAST_COLUMN = 119
OPEN, CLOSE = "([{", ")]}"
whole_strings = False
BINARY = ("&&", "||", "??", "?", ":", "+", "|", "^", "is", "and", "or")


def states(text):
    """For each character what it is part of: c(ode), s(tring) or /(comment)."""
    kind, i, n = ["c"] * len(text), 0, len(text)

    def mark(start, end, what):
        for at in range(start, min(end, n)):
            kind[at] = what

    while i < n:
        rest = text[i:i + 2]
        if rest == "//":
            end = text.find("\n", i)
            end = n if end < 0 else end
            mark(i, end, "/")
        elif rest == "/*":
            end = text.find("*/", i) + 2
            mark(i, end, "/")
        elif text[i] == "'":
            end = re.compile(r"'(\\.[^']*|[^\\'])'").match(text, i)
            end = end.end() if end else i + 1
            mark(i, end, "s")
        elif start := re.compile(r'[$@]*"').match(text, i):
            end = string_end(text, i, start.group())
            mark(i, end, "s")
        else:
            i += 1
            continue
        i = end
    return "".join(kind)


def string_end(text, i, prefix):
    quotes = re.compile('"+').match(text, i + len(prefix) - 1).group()
    body = i + len(prefix) - 1
    if len(quotes) >= 3:
        return text.index(quotes, body + len(quotes)) + len(quotes)
    at, depth, interpolated, verbatim = body + 1, 0, "$" in prefix, "@" in prefix
    while at < len(text):
        c = text[at]
        if depth == 0 and c == "\\" and not verbatim:
            at += 2
            continue
        if interpolated and c == "{":
            if depth == 0 and text[at + 1] == "{":
                at += 2
                continue
            depth += 1
        elif interpolated and c == "}" and depth:
            depth -= 1
        elif c == '"':
            if depth:
                at = string_end(text, at, '"') - 1
            elif verbatim and text[at + 1] == '"':
                at += 1
            else:
                return at + 1
        at += 1
    return at


def candidates(line, kind):
    """Places where the line may be broken: (depth, rank, position of the first character of the next line)."""
    found, depth, i = [], 0, len(line) - len(line.lstrip())
    while i < len(line):
        c = line[i]
        if kind[i] != "c":
            i += 1
            continue
        if c in OPEN:
            depth += 1
            if c != "{" and i + 1 < len(line) and line[i + 1] not in CLOSE:
                found.append((depth, 5, i + 1))
        elif c in CLOSE:
            depth -= 1
        elif line.startswith("=> ", i):
            found.append((depth, 0 if depth == 0 else 6, i + 3))
            i += 3
            continue
        elif line.startswith(" = ", i):
            found.append((depth, 3, i + 3))
        elif c == "," and line[i + 1:i + 2] == " ":
            if not in_generic(line, i):
                found.append((depth, 2, i + 2))
        elif c == " ":
            for operator in BINARY:
                if line.startswith(operator + " ", i + 1) and i > 0:
                    found.append((depth, 1, i + 1))
        elif c == "." and i > 0 and (line[i - 1] == ")" or line[i - 1] == "]") and line[i + 1:i + 2].isalpha():
            found.append((depth, 2, i))
        elif line.startswith("?.", i) and line[i - 1] == ")":
            found.append((depth, 2, i))
        i += 1
    return found


def in_generic(line, at):
    """Whether a comma stands between angle brackets of a type."""
    left = re.search(r"<[\w<>,\[\]?. ()]*$", line[:at])
    right = re.match(r",[\w<>,\[\]?. ()]*>", line[at:])
    return bool(left and right and " < " not in left.group())


def wrap_code(line, kind, indent):
    """Breaks a line at the lowest depth that helps; gives the pieces."""
    if len(line) <= LAST_COLUMN:
        return [line]
    found = [c for c in candidates(line, kind) if len(line[:c[2]].rstrip()) <= LAST_COLUMN
             and len(line[:c[2]].strip()) > 1 and line[c[2]:].strip() not in ("", ";", ")", ");", "{")]
    room = LAST_COLUMN - indent
    best = None
    for depth in sorted({c[0] for c in found}):
        level = [c for c in found if c[0] == depth]
        for rank in sorted({c[1] for c in level}):
            places = [c[2] for c in level if c[1] == rank]
            at = places[0] if rank in (0, 3) else places[-1]
            if len(line[at:]) <= room:
                best = at
                break
        if best is not None:
            break
        fitting = [c for c in level if c[1] in (0, 1, 2)]
        if fitting:
            best = max(fitting, key=lambda c: c[2])[2]
            if best - (len(line) - len(line.lstrip())) > 40:
                break
    if best is None:
        if not found:
            return split_string(line, kind, indent)
        best = max(found, key=lambda c: c[2])[2]
    opened = innermost(line, kind, best)
    if opened is not None and line[opened] == "{":
        return expand(line, kind, opened)
    head, tail = line[:best].rstrip(), " " * indent + line[best:].lstrip()
    skipped = len(line) - len(line[best:].lstrip())
    if len(tail) >= len(line):
        return split_string(line, kind, indent)
    return [head] + wrap_code(tail, " " * indent + kind[skipped:], indent)


def split_string(line, kind, indent):
    """Splits the string that passes the limit into two that are added, at a space outside of its holes."""
    start = LAST_COLUMN
    if len(line) <= LAST_COLUMN or kind[start] != "s" or whole_strings:
        return [line]
    while start > 0 and kind[start - 1] == "s":
        start -= 1
    prefix = re.match(r'\$?"(?!"")', line[start:])
    end = kind.find("c", start)
    if not prefix or not 0 <= end < len(line) or line[end] not in ",;)]}:" or line[end - 1] != '"':
        return [line]
    depth, place = 0, None
    for at in range(start + len(prefix.group()), min(end - 1, LAST_COLUMN - 1)):
        if "$" in prefix.group() and line[at] in "{}":
            depth += 1 if line[at] == "{" else -1
        elif line[at] == " " and depth == 0:
            place = at + 1
    if place is None or place - start < 20:
        return [line]
    mark = prefix.group() if "{" in line[place:end] else '"'
    own = len(line) - len(line.lstrip())
    below = own if line.lstrip().startswith("+ ") else max(indent, own + 4)
    tail = " " * below + "+ " + mark + line[place:]
    states_below = " " * below + "cc" + "s" * len(mark) + kind[place:]
    return [line[:place] + '"'] + split_string(tail, states_below, below)


def innermost(line, kind, at):
    """The bracket that encloses a position, or None."""
    stack = []
    for i in range(at):
        if kind[i] == "c" and line[i] in OPEN:
            stack.append(i)
        elif kind[i] == "c" and line[i] in CLOSE and stack:
            stack.pop()
    return stack[-1] if stack else None


def expand(line, kind, opened):
    """Puts what stands between braces on lines of its own, one element or statement a line."""
    indent = len(line) - len(line.lstrip())
    depth, start, lines, close = 0, opened + 1, [], None
    for i in range(opened, len(line)):
        if kind[i] != "c":
            continue
        if line[i] in OPEN:
            depth += 1
        elif line[i] in CLOSE:
            depth -= 1
            if depth == 0:
                close = i
                break
        elif line[i] in ",;" and depth == 1:
            lines.append((start, i + 1))
            start = i + 1
    if close is None:
        return [line]
    if line[start:close].strip():
        lines.append((start, close))
    result = [line[:opened].rstrip(), " " * indent + "{"]
    comma = any(line[a:b].rstrip().endswith(",") for a, b in lines)
    for a, b in lines:
        text = line[a:b].strip()
        first = b - len(line[a:b].lstrip())
        text_kind = kind[first:first + len(text)]
        if comma and not text.endswith(","):
            text, text_kind = text + ",", text_kind + "c"
        result += wrap_code(" " * (indent + 4) + text, " " * (indent + 4) + text_kind, indent + 8)
    tail = " " * indent + line[close:]
    return result + wrap_code(tail, " " * indent + kind[close:], indent + 4)


def wrap_comment(lines, at):
    """Moves the words past the limit to the next line of the comment, or to a new one."""
    line = lines[at]
    start = re.match(r"\s*///? ?", line).group()
    body = line[len(start):]
    one = re.fullmatch(r"<(summary|remarks)>(.*)</\1>", body)
    if one:
        lines[at:at + 1] = [start + f"<{one.group(1)}>", start + one.group(2), start + f"</{one.group(1)}>"]
        return
    words = re.findall(r"(?:<[^>]*>|[^\s<])+|<[^>]*>", body)
    kept, left = start.rstrip() + " " * (len(start) - len(start.rstrip())), []
    for number, word in enumerate(words):
        extended = kept + ("" if kept == start else " ") + word
        if len(extended) > LAST_COLUMN and kept != start:
            left = words[number:]
            break
        kept = extended
    if not left:
        return
    lines[at] = kept
    rest = " ".join(left)
    following = lines[at + 1] if at + 1 < len(lines) else ""
    joins = following.startswith(start) and not re.match(r"[<*\-\d|]|  ", following[len(start):]) and not rest.endswith(">")
    if joins and following[len(start):].strip():
        lines[at + 1] = start + rest + " " + following[len(start):]
    else:
        lines.insert(at + 1, start + rest)


def wrap(text):
    global whole_strings
    lines, at = text.split("\n"), 0
    while at < len(lines):
        line = lines[at]
        if len(line) > LAST_COLUMN:
            stripped = line.lstrip()
            indent = len(line) - len(stripped)
            if stripped.startswith("//"):
                wrap_comment(lines, at)
            elif not stripped.startswith("#"):
                offset = sum(len(before) + 1 for before in lines[:at])
                kind = states("\n".join(lines))[offset:offset + len(line)]
                comment = kind.find("/")
                if comment > 0 and kind.endswith("/") and line[comment:].startswith("//"):
                    lines[at:at + 1] = [" " * indent + line[comment:], line[:comment].rstrip()]
                    continue
                # What takes an interpolated string as it is cannot take a sum.
                whole_strings = re.search(r"string\.Create\(|Invariant\(|Formattable", line) is not None
                if kind and kind[0] != "s":
                    pieces = wrap_code(line, kind, indent + 4)
                    lines[at:at + 1] = pieces
                    at += len(pieces) - 1
        at += 1
    return "\n".join(lines)


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    files = []
    for argument in map(pathlib.Path, arguments):
        files += sorted(argument.rglob("*.cs")) if argument.is_dir() else [argument]
    left = 0
    for file in files:
        text = file.read_text(encoding="utf-8")
        wrapped = wrap(text) if any(len(line) > LAST_COLUMN for line in text.split("\n")) else text
        if wrapped != text:
            file.write_text(wrapped, encoding="utf-8")
        for number, line in enumerate(wrapped.split("\n"), 1):
            if len(line) > LAST_COLUMN:
                left += 1
                print(f"{file}:{number}: {len(line)} columns")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
