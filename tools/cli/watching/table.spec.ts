import { describe, expect, it } from '@jest/globals';

import { fields, table } from './table.js';

describe('table', () => {
  it('aligns words to the left and numbers to the right, without space at the end', () => {
    const rows = [
      ['phishing', 3, ''],
      ['c2', 1200, 'why'],
    ];
    expect(table(['NAME', 'TOTAL#', 'NOTE'], rows)).toEqual([
      'NAME      TOTAL  NOTE',
      'phishing      3',
      'c2         1200  why',
    ]);
  });

  it('counts what is read as one character as one', () => {
    const lines = table(
      ['A', 'B'],
      [
        ['e\u0301', 'x'],
        ['\u{1f600}', 'y'],
      ],
    );
    expect(lines).toEqual(['A  B', 'e\u0301  x', '\u{1f600}  y']);
  });

  it('shows what a terminal would obey as a mark', () => {
    expect(table(['A'], [['\u001b[2Jgone\r\nnext\u202e']])).toEqual([
      'A',
      '\ufffd[2Jgone\ufffd\ufffdnext\ufffd',
    ]);
  });
});

describe('fields', () => {
  it('puts values under each other', () => {
    expect(
      fields([
        ['name', 'phishing'],
        ['observables', 12],
      ]),
    ).toEqual(['name         phishing', 'observables  12']);
  });
});
