import type { BodyCodec } from '#cache';

import { Answer } from './answer.js';
import type { Drawn, PagesSummary } from './answer.js';
import type { EnrichmentSource } from './enrichment-source.port.js';
import type { Question } from './question.js';

/** Changes when pages or sightings are made in another way: older entries are then fetched anew. */
const FORMAT = 1;

interface Head {
  readonly format: number;
  readonly source: string;
  readonly question: Question;
  readonly fetchedAt: number;
  readonly summary: PagesSummary;
  /** Bytes of the items' JSON that follows the head's line. */
  readonly itemsLength: number;
  /** Depth and bytes of each sighting behind that; -1 for "nothing to see". */
  readonly drawn: readonly (readonly [depth: number, length: number])[];
}

/**
 * Answers as bytes: one line of JSON that says what follows, the items as JSON, the sightings as
 * they are sent. Reading it back parses the first line only.
 */
export function answerCodec(sources: readonly EnrichmentSource[]): BodyCodec<Answer> {
  const byName = new Map(sources.map((source) => [source.name, source]));
  return {
    encode: encodeAnswer,
    decode: (body) => decodeAnswer(body, byName),
  };
}

function encodeAnswer(answer: Answer): Buffer {
  const { items, ...summary } = answer.pages;
  const itemsJson = Buffer.from(JSON.stringify(items));
  const drawn = [...answer.drawn];
  const head: Head = {
    format: FORMAT,
    source: answer.source.name,
    question: answer.question,
    fetchedAt: answer.fetchedAt,
    summary,
    itemsLength: itemsJson.length,
    drawn: drawn.map(([depth, bytes]) => [depth, bytes === null ? -1 : bytes.length]),
  };
  const sightings = drawn.flatMap(([, bytes]) => bytes ?? []);
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), itemsJson, ...sightings]);
}

function decodeAnswer(body: Buffer, sources: ReadonlyMap<string, EnrichmentSource>): Answer {
  const lineEnd = body.indexOf(0x0a);
  const head = JSON.parse(body.toString('utf8', 0, lineEnd)) as Head;
  const source = sources.get(head.source);
  if (head.format !== FORMAT || source === undefined) {
    throw new RangeError('An answer of another format or of a source that is switched off');
  }
  const itemsStart = lineEnd + 1;
  const sightingsStart = itemsStart + head.itemsLength;
  return new Answer({
    source,
    question: head.question,
    fetchedAt: head.fetchedAt,
    pages: {
      summary: head.summary,
      itemsJson: body.toString('utf8', itemsStart, sightingsStart),
    },
    drawn: cut(body, sightingsStart, head.drawn),
  });
}

function cut(body: Buffer, start: number, lengths: Head['drawn']): Map<number, Drawn> {
  const drawn = new Map<number, Drawn>();
  let at = start;
  for (const [depth, length] of lengths) {
    drawn.set(depth, length < 0 ? null : body.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return drawn;
}
