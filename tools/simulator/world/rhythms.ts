import type { Day } from '../time/calendar.js';
import { answerTexts } from './answer-texts.js';
import { between, pick, type Draw } from './hash.js';
import { EDGE_NETWORK, HOSTERS } from './hosters.js';
import type { RecordType } from './record-type.js';
import type { Rhythm } from './timeline.js';

/** What every rhythm is drawn from: a record type and the numbers that belong to the name. */
export interface Origin {
  readonly type: RecordType;
  readonly draw: Draw;
}

const never = (): number => Number.POSITIVE_INFINITY;

// All three kinds of border between neighbours were recorded: same day, next day, a gap.
function borders(draw: Draw): (index: number) => number {
  return (index) => {
    const kind = draw('border', index) % 4;
    return kind < 3 ? kind % 2 : between(2, 45, draw('gap', index));
  };
}

/** One answer since `born`, for ever; the texts may be given. */
export function settled(origin: Origin, born: Day, texts?: readonly string[]): Rhythm {
  const hoster = pick(HOSTERS, origin.draw('hoster'));
  const lot = { hoster, number: origin.draw('lot'), members: 1 };
  const answer = texts ?? answerTexts(origin.type, lot);
  return { born, stay: never, pause: never, answer: () => answer };
}

/** From hoster to hoster, staying `stay` days (least, most) at each. */
export function moving(origin: Origin, born: Day, stay: readonly [number, number]): Rhythm {
  const { type, draw } = origin;
  const first = draw('hoster');
  return {
    born,
    stay: (index) => between(stay[0], stay[1], draw('stay', index)),
    pause: borders(draw),
    answer: (index) =>
      answerTexts(type, {
        hoster: pick(HOSTERS, first + index),
        number: draw('lot', index),
        members: between(1, 2, draw('members', index)),
      }),
  };
}

/** As `moving`, but gone for good after `moves` answers. */
export function abandoned(origin: Origin, born: Day, moves: number): Rhythm {
  const living = moving(origin, born, [90, 500]);
  return {
    ...living,
    pause: (index) => (index >= moves - 1 ? Number.POSITIVE_INFINITY : living.pause(index)),
  };
}

// Two answers in turn, once beside itself (to be joined by a reader) and once with no answer at all.
const RETURN_PATTERN = [0, 1, 0, 0, 1, undefined] as const;

/** Two answers that come back again and again, with neighbours of equal values and empty answers. */
export function returning(origin: Origin, born: Day): Rhythm {
  const { type, draw } = origin;
  const answers = [0, 1].map((slot) =>
    answerTexts(type, {
      hoster: pick(HOSTERS, draw('hoster') + slot),
      number: draw('lot', slot),
      members: 1,
    }),
  );
  return {
    born,
    stay: (index) => between(40, 110, draw('stay', index)),
    pause: borders(draw),
    answer: (index) => {
      const slot = RETURN_PATTERN[index % RETURN_PATTERN.length];
      return slot === undefined ? [] : pick(answers, slot);
    },
  };
}

/** How a rotation turns: `sets` answers of `members` addresses, a new one every `period` days. */
export interface Turn {
  readonly period: number;
  readonly sets: number;
  readonly members: number;
  /** `round`: one set after the other; `mixed`: in no visible order. */
  readonly order: 'round' | 'mixed';
}

/**
 * A CDN's rotation on a fixed grid of days: whichever day it is begun on, the same day has the same
 * answer, so restarting the simulator tomorrow does not rewrite what a client holds from today.
 */
export function rotating(origin: Origin, from: Day, turn: Turn): Rhythm {
  const { type, draw } = origin;
  const firstCell = Math.floor(from / turn.period);
  const slotOf = (cell: number): number =>
    (turn.order === 'round' ? cell : draw('cell', cell)) % turn.sets;
  return {
    born: firstCell * turn.period,
    stay: () => turn.period,
    pause: () => 0,
    answer: (index) =>
      answerTexts(type, {
        hoster: EDGE_NETWORK,
        number: draw('lot') + slotOf(firstCell + index) * turn.members,
        members: turn.members,
      }),
  };
}
