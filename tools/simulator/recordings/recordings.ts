import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { SimulatorInputError } from '../input.errors.js';
import { historyEnvelope } from '../vendor/history-body.js';
import { isRecordType, type RecordType } from '../world/record-type.js';

/** Recorded bodies, by the question they answered. */
export interface Recordings {
  /** The recorded body of a question; `undefined` when that question was not recorded. */
  find(question: RecordedQuestion): Buffer | undefined;
}

/** A question as a recording's file name tells it. */
export interface RecordedQuestion {
  readonly endpoint: 'ping' | 'usage' | 'history' | 'domain' | 'subdomains' | 'list';
  /** Host or address; empty for ping and usage. */
  readonly subject: string;
  readonly recordType?: RecordType;
  readonly page: number;
}

interface RecordedFile extends RecordedQuestion {
  readonly file: string;
  readonly isBare: boolean;
}

const TAIL = '(?:-page(?<page>[1-9]\\d*))?(?<rest>-records-only|-empty)?\\.json$';

/** File names: `history-dns-a--<host>-page2.json` and so on; one form for each endpoint. */
const FORMS: readonly (readonly [RecordedQuestion['endpoint'], RegExp])[] = [
  ['ping', /^ping--ok\.json$/],
  ['usage', /^account-usage--.+\.json$/],
  ['history', new RegExp(`^history-dns-(?<type>aaaa|a|mx|ns|soa|txt)--(?<subject>.+?)${TAIL}`)],
  ['list', new RegExp(`^domains-list--ipv[46]-(?<subject>[0-9a-f.:_]+)${TAIL}`)],
  ['domain', /^domain--(?<subject>.+)\.json$/],
  ['subdomains', /^domain-subdomains--(?<subject>.+)\.json$/],
];

function readName(file: string): RecordedFile | undefined {
  for (const [endpoint, form] of FORMS) {
    const match = form.exec(file);
    if (match !== null) {
      const { type = '', subject = '', page = '1', rest } = match.groups ?? {};
      return {
        endpoint,
        file,
        // A colon cannot stand in every file system's names: an underscore does for it.
        subject: endpoint === 'list' ? subject.replaceAll('_', ':') : subject,
        ...(isRecordType(type) ? { recordType: type } : {}),
        page: Number(page),
        isBare: rest === '-records-only',
      };
    }
  }
  return undefined;
}

function subjectKey({ endpoint, subject, recordType = 'a' }: RecordedQuestion): string {
  return `${endpoint} ${recordType} ${subject}`;
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SimulatorInputError('RECORDINGS_DIR', `${file} is not JSON`);
  }
}

function wrapped({ file, subject, recordType = 'a' }: RecordedFile, text: string): Buffer {
  const records = parsed(file, text);
  if (!Array.isArray(records)) {
    throw new SimulatorInputError('RECORDINGS_DIR', `${file} is not a list of records`);
  }
  const pages = records.length === 0 ? 0 : 1;
  const about = { host: subject, type: recordType };
  return Buffer.from(JSON.stringify(historyEnvelope(about, records, pages)));
}

const envelopeSchema = z.looseObject({ meta: z.looseObject({}).optional() });

function emptied(body: Buffer, page: number): Buffer {
  const envelope = envelopeSchema.safeParse(parsed('a recorded page', body.toString()));
  if (!envelope.success) {
    return body;
  }
  const { meta, ...rest } = envelope.data;
  const ofPage = meta === undefined ? {} : { meta: { ...meta, page } };
  return Buffer.from(JSON.stringify({ ...rest, ...ofPage, records: [] }));
}

class FileRecordings implements Recordings {
  readonly #pages = new Map<string, Map<number, Buffer>>();

  add(recorded: RecordedFile, text: string): void {
    const pages = this.#pages.get(subjectKey(recorded)) ?? new Map<number, Buffer>();
    this.#pages.set(subjectKey(recorded), pages);
    if (!recorded.isBare) {
      pages.set(recorded.page, Buffer.from(text));
    } else if (!pages.has(recorded.page)) {
      pages.set(recorded.page, wrapped(recorded, text));
    }
  }

  find(question: RecordedQuestion): Buffer | undefined {
    const pages = this.#pages.get(subjectKey(question));
    if (pages === undefined) {
      return undefined;
    }
    const [first] = pages.values();
    const { page } = question;
    return pages.get(page) ?? (first === undefined ? undefined : emptied(first, page));
  }
}

/** Nothing recorded: every question falls to the world. */
export const NO_RECORDINGS: Recordings = { find: () => undefined };

function jsonFilesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.json'));
  } catch (error) {
    const hasCode = typeof error === 'object' && error !== null && 'code' in error;
    const reason = hasCode ? String(error.code) : 'unreadable';
    throw new SimulatorInputError('RECORDINGS_DIR', `cannot be read (${reason})`);
  }
}

/**
 * Reads all recorded bodies of a directory (not of its sub-directories); files with other names are
 * left alone. Of a whole body and a records-only one for the same page the whole one counts. Throws
 * `SimulatorInputError` when the directory cannot be read or a records-only file is not a JSON list.
 */
export function readRecordings(directory: string): Recordings {
  const recordings = new FileRecordings();
  for (const file of jsonFilesIn(directory)) {
    const recorded = readName(file);
    if (recorded !== undefined) {
      recordings.add(recorded, readFileSync(join(directory, file), 'utf8'));
    }
  }
  return recordings;
}
