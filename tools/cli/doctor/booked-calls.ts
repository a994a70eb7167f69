import { randomBytes } from 'node:crypto';

import { callResultOf, TenantDigest } from '#enrichment';
import { Ledger, RedisLedgerStore } from '#ledger';
import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { Config } from '#platform';
import type { CallGate } from '#securitytrails';

/** A gate that books what passes it, and whether that went well. */
export interface BookedCalls {
  /** Rejects with a LedgerRefusal when a call must not be made. */
  readonly gate: CallGate;
  /** Resolves when the ends of all calls are booked: false where the ledger may lack one. */
  readonly settled: () => Promise<boolean>;
}

/**
 * Books the doctor's calls as the processes book theirs (HEALTH, nobody pays), in the ledger of the
 * queue's Redis. Pace and circuit have no part in a call made by hand.
 */
export async function withBookedCalls<T>(
  config: Config,
  now: () => number,
  use: (calls: BookedCalls) => Promise<T>,
): Promise<T> {
  const redis = requestPathRedis(config.redis.queueUrl);
  try {
    await connectRedis(redis);
    let isSure = true;
    const onTrouble = (): void => {
      isSure = false;
    };
    const { interactiveReserve, hardMonthlyLimit } = config.securitytrails;
    const ledger = new Ledger({
      store: new RedisLedgerStore(redis),
      clock: now,
      newId: () => randomBytes(12).toString('base64url'),
      interactiveReserve,
      ...(hardMonthlyLimit !== undefined && { hardMonthlyLimit }),
      onTrouble,
    });
    const closing: Promise<void>[] = [];
    return await use({
      gate: gateTo(ledger, config, closing),
      settled: async () => {
        await Promise.all(closing);
        return isSure;
      },
    });
  } finally {
    await closeRedis(redis);
  }
}

function gateTo(ledger: Ledger, config: Config, closing: Promise<void>[]): CallGate {
  const { apiKey = '' } = config.securitytrails;
  const tenant = new TenantDigest(config.cache.digestKey).of(apiKey);
  return {
    enter: async ({ endpoint }) => {
      const order = { tenant, cause: 'HEALTH', lane: 'interactive', endpoint, payers: [] } as const;
      const booking = await ledger.book(order);
      return {
        requestId: booking.id,
        leave: (outcome) => {
          closing.push(ledger.close(booking, callResultOf(outcome)));
        },
      };
    },
  };
}
