#!/usr/bin/env python3
"""Lists the slowest tests of some reports of xunit (-xml): tools/slowest_tests.py [-n COUNT] REPORT..."""
import sys
import xml.etree.ElementTree


def main(arguments):
    count = 15
    if arguments[:1] == ["-n"]:
        count, arguments = int(arguments[1]), arguments[2:]
    tests, totals = [], []
    for report in arguments:
        root = xml.etree.ElementTree.parse(report).getroot()
        found = [(float(test.get("time", "0")), test.get("name")) for test in root.iter("test")]
        tests += found
        totals.append((sum(time for time, _ in found), report.rsplit("/", 1)[-1][:-len(".xml")], len(found)))
    for time, name, number in sorted(totals, reverse=True):
        print(f"{time:8.1f} s  {name} ({number} tests)")
    print()
    for time, name in sorted(tests, reverse=True)[:count]:
        print(f"{time:8.1f} s  {name[:140]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
