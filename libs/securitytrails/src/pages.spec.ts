import { describe, expect, it } from '@jest/globals';
import { InvalidNameError, NotFoundError, ServerError } from './errors.js';
import type { PageRange } from './pages.js';
import { historyPages } from './pages.js';
import type { CountedPage } from './schemas/history.schema.js';

type Scripted = { records: number; pages: number } | Error;

/** Reads the scripted pages, page 1 first, and an empty one after the last. */
async function walk(script: readonly Scripted[], range: PageRange = { max: 100 }) {
  const asked: number[] = [];
  const given: number[] = [];
  const read = (page: number): Promise<CountedPage> => {
    asked.push(page);
    const found = script[page - 1] ?? { records: 0, pages: 0 };
    return found instanceof Error
      ? Promise.reject(found)
      : Promise.resolve({
          recordCount: found.records,
          page: { recordType: 'a', page, pages: found.pages, more: false, intervals: [] },
        });
  };
  let error: unknown;
  try {
    for await (const { page } of historyPages(read, range)) {
      given.push(page);
    }
  } catch (cause) {
    error = cause;
  }
  return { asked, given, error };
}

const full = (pages: number) => ({ records: 100, pages });
const at = { endpoint: 'history' as const };

describe('historyPages', () => {
  it('reads page 1 whatever the page count says, and gives it even when it is empty', async () => {
    expect(await walk([{ records: 0, pages: 0 }])).toMatchObject({ asked: [1], given: [1] });
    expect(await walk([{ records: 0, pages: 3 }])).toMatchObject({ asked: [1], given: [1] });
    expect(await walk([{ records: 3, pages: 0 }])).toMatchObject({ asked: [1], given: [1] });
  });

  it('reads as many pages as the count says', async () => {
    const script = [full(3), full(3), { records: 32, pages: 3 }];
    expect(await walk(script)).toMatchObject({ asked: [1, 2, 3], given: [1, 2, 3] });
  });

  it('does not take a short page for the end', async () => {
    const script = [{ records: 95, pages: 2 }, full(2)];
    expect(await walk(script)).toMatchObject({ given: [1, 2] });
  });

  it.each([0, 1])('asks for page 2 after 95 records where the count says %i', async (pages) => {
    const script = [
      { records: 95, pages },
      { records: 2, pages },
    ];
    expect(await walk(script)).toMatchObject({ asked: [1, 2], given: [1, 2] });
    expect(await walk([{ records: 94, pages }])).toMatchObject({ asked: [1] });
  });

  it('goes on over a page whose count has dropped to 0', async () => {
    const script = [full(3), { records: 50, pages: 0 }, full(3)];
    expect(await walk(script)).toMatchObject({ given: [1, 2, 3] });
  });

  it('ends quietly at an empty later page', async () => {
    expect(await walk([full(5), { records: 0, pages: 5 }])).toEqual({
      asked: [1, 2],
      given: [1],
      error: undefined,
    });
  });

  it.each([new NotFoundError(at), new InvalidNameError(at)])(
    'ends quietly at a later page that is $code',
    async (error) => {
      expect(await walk([full(5), error])).toEqual({ asked: [1, 2], given: [1], error: undefined });
    },
  );

  it('throws what page 1 fails with, also when nothing is known', async () => {
    const error = new NotFoundError(at);
    expect(await walk([error])).toEqual({ asked: [1], given: [], error });
  });

  it('throws other failures after giving what was read', async () => {
    const error = new ServerError({ ...at, status: 503 });
    expect(await walk([full(5), error])).toEqual({ asked: [1, 2], given: [1], error });
  });

  it('stops at the last page wanted', async () => {
    const script = Array.from({ length: 9 }, () => full(9));
    expect(await walk(script, { max: 4 })).toMatchObject({ asked: [1, 2, 3, 4] });
    expect(await walk(script, { from: 3, max: 4 })).toMatchObject({ asked: [3, 4], given: [3, 4] });
    expect(await walk(script, { max: 0 })).toMatchObject({ asked: [] });
  });

  it('never asks for a page past 100', async () => {
    const script = Array.from({ length: 200 }, () => full(1_000));
    const { asked } = await walk(script, { max: Number.POSITIVE_INFINITY });
    expect(asked).toHaveLength(100);
  });

  it('reads nothing ahead of what is taken', async () => {
    const asked: number[] = [];
    const pages = historyPages(
      (page) => {
        asked.push(page);
        return Promise.resolve({
          recordCount: 100,
          page: { recordType: 'a', page, pages: 9, more: true, intervals: [] },
        });
      },
      { max: 9 },
    );
    await pages.next();
    await pages.next();
    expect(asked).toEqual([1, 2]);
  });
});
