#!/usr/bin/env python3
"""Draws what clients saw of rollouts, from their raw logs.

  e2e/picture.py OUT.svg 'TITLE=FOLDER'...

FOLDER is one that a rollout of the demo leaves in build/e2e (act-1-1, for instance): a log for each client. Each FOLDER
becomes a panel: a bar for each pod, from its first response to its last, a mark for each failed request, and the requests
of each quarter of a second. The README's picture is drawn by

  e2e/picture.py docs/rollouts.svg 'Unprotected, an app that stops at once=build/e2e/act-1-1' \\
      'Protected, an app that drains=build/e2e/act-3-1'
"""
import csv
import pathlib
import sys
from html import escape

WIDTH, LEFT, RIGHT = 960, 150, 30
ROW, GAP, TOP = 18, 6, 46
LANE = 26                # the marks of failed requests
COUNTS, SLOT = 60, 0.25  # the requests: height in pixels, seconds of a column
OLD, NEW, FAILED, SERVED, INK, FAINT = '#8a94a6', '#2f6fde', '#d92d20', '#b9d2f7', '#1f2937', '#d8dde6'


class Request:
    """One line of a client's log; times in seconds."""

    def __init__(self, row):
        self.begun = int(row['startedUnixMicros']) / 1e6
        self.ended = self.begun + int(row['durationMicros']) / 1e6
        self.pod = row['servedBy']
        self.failed = row['outcome'] != 'ok'


def read(folder):
    logs = sorted(pathlib.Path(folder).glob('*.tsv'))
    if not logs:
        sys.exit(f'picture.py: {folder} has no client logs (*.tsv): run make demo first')
    requests = []
    for log in logs:
        with open(log, newline='') as lines:
            requests += [Request(row) for row in csv.DictReader(lines, delimiter='\t')]
    if not requests:
        sys.exit(f'picture.py: the logs in {folder} have no requests')
    return requests


def pods(requests):
    """Each pod with its first and its last response, in the order of the first ones."""
    seen = {}
    for request in requests:
        if request.pod:
            first, last = seen.get(request.pod, (request.ended, request.ended))
            seen[request.pod] = (min(first, request.ended), max(last, request.ended))
    return sorted(((pod, *times) for pod, times in seen.items()), key=lambda each: each[1])


class Panel:
    """One rollout, drawn at a height of the picture."""

    def __init__(self, title, requests, y):
        self.title, self.requests, self.y = title, requests, y
        self.pods = pods(requests)
        self.begin = min(request.begun for request in requests)
        self.seconds = max(request.ended for request in requests) - self.begin
        self.height = TOP + len(self.pods) * (ROW + GAP) + LANE + COUNTS + 40

    def x(self, moment):
        return LEFT + (moment - self.begin) / self.seconds * (WIDTH - LEFT - RIGHT)

    def draw(self):
        failed = [request for request in self.requests if request.failed]
        yield text(LEFT - 130, self.y + 22, self.title, 16, weight='600')
        words = f'{len(failed):,} of {len(self.requests):,} requests failed'
        yield text(WIDTH - RIGHT, self.y + 22, words, 15, anchor='end', fill=FAILED if failed else INK, weight='600')
        y = self.y + TOP
        revision = self.pods[0][0].rsplit('-', 1)[0] if self.pods else ''
        for pod, first, last in self.pods:
            old = pod.rsplit('-', 1)[0] == revision
            yield text(LEFT - 10, y + 13, ('old pod ' if old else 'new pod ') + pod.rsplit('-', 1)[1], 12, anchor='end')
            width = max(2, self.x(last) - self.x(first))
            yield f'<rect x="{self.x(first):.1f}" y="{y}" width="{width:.1f}" height="{ROW}" rx="3" fill="{OLD if old else NEW}"/>'
            y += ROW + GAP
        yield text(LEFT - 10, y + 16, 'failed requests', 12, anchor='end')
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y + 11}" y2="{y + 11}" stroke="{FAINT}"/>'
        for request in failed:
            x = self.x(request.ended)
            yield f'<path d="M{x - 4:.1f} {y + 7}l8 8m0-8l-8 8" stroke="{FAILED}" stroke-width="1.6"/>'
        y += LANE
        yield from self.counts(y)
        yield from self.axis(y + COUNTS)

    def counts(self, y):
        slots = {}
        for request in self.requests:
            slot = slots.setdefault(int((request.begun - self.begin) / SLOT), [0, 0])
            slot[request.failed] += 1
        most = max(sum(slot) for slot in slots.values())
        width = SLOT / self.seconds * (WIDTH - LEFT - RIGHT)
        yield text(LEFT - 10, y + COUNTS - 4, 'requests', 12, anchor='end')
        for slot, (good, bad) in sorted(slots.items()):
            x, high, low = LEFT + slot * width, good / most * COUNTS, bad / most * COUNTS
            column = f'x="{x:.1f}" width="{max(0.5, width - 0.6):.1f}"'
            yield f'<rect {column} y="{y + COUNTS - high:.1f}" height="{high:.1f}" fill="{SERVED}"/>'
            if bad:
                yield f'<rect {column} y="{y + COUNTS - high - low:.1f}" height="{low:.1f}" fill="{FAILED}"/>'

    def axis(self, y):
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{INK}"/>'
        step = next(step for step in (1, 2, 5, 10, 20, 60, 120, 600, 3600) if self.seconds / step <= 12)
        for second in range(0, int(self.seconds) + 1, step):
            yield text(self.x(self.begin + second), y + 16, f'{second} s', 11, anchor='middle')


def text(x, y, words, size, anchor='start', fill=INK, weight='400'):
    return (f'<text x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">'
            f'{escape(words)}</text>')


def main():
    if len(sys.argv) < 3 or any('=' not in each for each in sys.argv[2:]):
        sys.exit("picture.py: usage: e2e/picture.py OUT.svg 'TITLE=FOLDER'...")
    panels, y = [], 8
    for each in sys.argv[2:]:
        title, folder = each.split('=', 1)
        panels.append(Panel(title, read(folder), y))
        y += panels[-1].height
    out = pathlib.Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [line for panel in panels for line in panel.draw()]
    out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" role="img">\n'
        '<title>What clients see of a rollout</title>\n'
        f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>\n' + '\n'.join(lines) + '\n</svg>\n')


main()
