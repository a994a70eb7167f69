import { describe, expect, it } from '@jest/globals';

import { type Column, dataTable } from './data-table.js';

const COLUMNS: Column[] = [
  { name: 'Address', type: 'string' },
  { name: 'Last seen', type: 'string', description: 'Empty while it is still seen' },
];

describe('dataTable', () => {
  it('keeps one list of cells per row and counts the rows', () => {
    const rows = [
      ['192.0.2.1', '2020-07-13'],
      ['192.0.2.2', '2020-07-14'],
    ];
    expect(dataTable(COLUMNS, rows)).toEqual({ columns: COLUMNS, rows, row_count: 2 });
  });

  it('makes a column optional where a cell is null, and no other', () => {
    const table = dataTable(COLUMNS, [
      ['192.0.2.1', '2020-07-13'],
      ['192.0.2.2', null],
    ]);
    expect(table.columns).toEqual([COLUMNS[0], { ...COLUMNS[1], required: false }]);
  });

  it('makes a column optional where a number is none that JSON can hold', () => {
    const [column] = dataTable([{ name: 'Rank', type: 'number' }], [[Number.NaN]]).columns;
    expect(column).toHaveProperty('required', false);
  });

  it('is a table without rows when there are none', () => {
    expect(dataTable(COLUMNS, [])).toEqual({ columns: COLUMNS, rows: [], row_count: 0 });
  });

  it.each([[['192.0.2.1']], [['192.0.2.1', null, null]], [[]]])(
    'refuses the row %j, which does not fill the columns',
    (row) => {
      const build = () => dataTable(COLUMNS, [['192.0.2.9', null], row]);
      expect(build).toThrow(expect.objectContaining({ code: 'row-length', name: 'CtimError' }));
    },
  );
});
