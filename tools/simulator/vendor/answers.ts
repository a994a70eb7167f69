import type { Recordings, RecordedQuestion } from '../recordings/recordings.js';
import type { VirtualClock } from '../time/virtual-clock.js';
import { isUnknownName } from '../world/derived-hosts.js';
import type { RecordType } from '../world/record-type.js';
import type { World } from '../world/world.js';
import { BodyMemo } from './body-memo.js';
import { domainBody } from './domain-body.js';
import { historyBody } from './history-body.js';
import { listBody, readListRequest } from './list-body.js';
import { isAcceptedName, type Question } from './question.js';
import { errorReply, jsonReply, readyReply, type Reply } from './reply.js';
import { subdomainsBody, subdomainsOf } from './subdomains-body.js';

/** What answers are made of. */
export interface AnswerSources {
  readonly seed: number;
  readonly world: World;
  readonly clock: VirtualClock;
  readonly recordings: Recordings;
}

/** A question of a key that may ask it. */
export interface AdmittedQuestion extends Question {
  /** The request's body, for `list`. */
  readonly body: string;
  readonly usage: { readonly used: number; readonly monthly: number };
}

/**
 * Answers questions from, in this order, what a test has given, the recordings and the world.
 * Knows no keys, limits or faults.
 */
export class Answers {
  readonly #sources: AnswerSources;
  readonly #memo = new BodyMemo();

  constructor(sources: AnswerSources) {
    this.#sources = sources;
  }

  /** The answer to an admitted question, today. */
  reply(question: AdmittedQuestion): Reply {
    if (question.page === 0) {
      return errorReply(400, 'The page is invalid');
    }
    switch (question.endpoint) {
      case 'ping':
        return this.#recorded({ endpoint: 'ping', subject: '', page: 1 }, { success: true });
      case 'usage':
        return this.#usage(question.usage);
      case 'history':
        return this.#history(question);
      case 'domain':
      case 'subdomains':
        return this.#aboutDomain(question, question.endpoint);
      case 'list':
        return this.#list(question);
      case 'other':
        return errorReply(404);
    }
  }

  /** To be called after every change of the world. */
  forget(): void {
    this.#memo.clear();
  }

  #recorded(asked: RecordedQuestion, otherwise: object): Reply {
    const body = this.#sources.recordings.find(asked);
    return body === undefined ? jsonReply(200, otherwise) : readyReply(body);
  }

  #usage({ used, monthly }: AdmittedQuestion['usage']): Reply {
    const usage = { current_monthly_usage: used, allowed_monthly_usage: monthly };
    return this.#recorded({ endpoint: 'usage', subject: '', page: 1 }, usage);
  }

  #history({ host, recordType, page }: Question): Reply {
    if (recordType === undefined) {
      return errorReply(404);
    }
    const { world, clock, recordings } = this.#sources;
    const isGiven = world.isGiven(host, recordType);
    const recorded = isGiven
      ? undefined
      : recordings.find({ endpoint: 'history', subject: host, recordType, page });
    if (recorded !== undefined) {
      return readyReply(recorded);
    }
    const refusal = isGiven ? undefined : refusalOf(host);
    const asked = { host, type: recordType, page, today: clock.today() };
    const build = (): object => historyBody(asked, world.history(host, recordType, asked.today));
    return refusal ?? this.#held(`history ${recordType} ${host} ${page}`, build);
  }

  #aboutDomain({ host }: Question, endpoint: 'domain' | 'subdomains'): Reply {
    const recorded = this.#sources.recordings.find({ endpoint, subject: host, page: 1 });
    if (recorded !== undefined) {
      return readyReply(recorded);
    }
    const build = (): object => {
      const { world, clock, seed } = this.#sources;
      const today = clock.today();
      const subdomains = subdomainsOf(seed, host);
      const newest = (type: RecordType) => world.history(host, type, today)[0];
      return endpoint === 'domain'
        ? domainBody({ host, today, subdomains: subdomains.length }, newest)
        : subdomainsBody(host, subdomains);
    };
    return refusalOf(host) ?? this.#held(`${endpoint} ${host}`, build);
  }

  #list({ body, page }: AdmittedQuestion): Reply {
    const address = readListRequest(body);
    if (address === undefined) {
      return errorReply(400, 'The filter is invalid');
    }
    const { recordings, world, clock } = this.#sources;
    const recorded = recordings.find({ endpoint: 'list', subject: address.canonical, page });
    const build = (): object =>
      listBody(address, page, world.hosts(address.canonical, clock.today()));
    return recorded === undefined
      ? this.#held(`list ${address.asked} ${page}`, build)
      : readyReply(recorded);
  }

  #held(key: string, build: () => object): Reply {
    return readyReply(this.#memo.get(key, this.#sources.clock.today(), build));
  }
}

function refusalOf(host: string): Reply | undefined {
  if (!isAcceptedName(host)) {
    return errorReply(400);
  }
  return isUnknownName(host) ? errorReply(404) : undefined;
}
