import type { Outcome, WebhookFault } from './fault.js';
import { done, fault, refused, WebhookError } from './fault.js';
import { ACTOR_LENGTH, MOST_SECRETS } from './limits.js';
import type { WebhookLimits } from './limits.js';
import { plainText } from './plain-text.js';
import type { Sealer } from './sealer.js';
import { newSecret, rotated } from './secret.js';
import type { Confidential } from './secret.js';
import type { TargetGuard } from './target-guard.js';
import { settingsFaults, shownUrl, tidySettings } from './webhook.js';
import type { StoredWebhook, Webhook, WebhookSettings, WebhookStatus } from './webhook.js';
import type { WebhookSaved, WebhookStatusReader, WebhookStore } from './webhook-store.port.js';

export interface WebhookDraft extends Pick<WebhookSettings, 'name'> {
  readonly url: string;
  readonly format?: WebhookSettings['format'];
  readonly watchlistIds?: readonly string[];
}

export interface WebhookPatch {
  readonly name?: string;
  readonly url?: string;
  readonly enabled?: boolean;
  readonly watchlistIds?: readonly string[];
  /** A new secret; the one before signs for 24 hours more. */
  readonly rotateSecret?: boolean;
}

/** A webhook with its secret, when a new one was made: never to be had again. */
export interface SavedWebhook {
  readonly webhook: Webhook;
  /** `whsec_` and base64. Secret. */
  readonly signingSecret: string | null;
}

export interface WebhookServiceParts {
  readonly webhooks: WebhookStore & WebhookStatusReader;
  readonly guard: TargetGuard;
  readonly sealer: Sealer;
  readonly limits: WebhookLimits;
  readonly clock: () => number;
  /** Url-safe random characters. */
  readonly newId: () => string;
  readonly randomBytes: (count: number) => Buffer;
}

const ATTEMPTS = 20;

/** Webhooks: made, changed, deleted, found. */
export class WebhookService {
  readonly #parts: WebhookServiceParts;

  constructor(parts: WebhookServiceParts) {
    this.#parts = parts;
  }

  /** Faults: INVALID, FORBIDDEN_TARGET, CONFLICT with a name that is taken, TOO_MANY. */
  async create(draft: WebhookDraft, actor: string): Promise<Outcome<SavedWebhook>> {
    const { name, url, format = 'STANDARD', watchlistIds = [] } = draft;
    const settings = this.#tidy({ name, format, enabled: true, watchlistIds });
    const faults = [...this.#faults(settings), ...(await this.#targetFaults(url))];
    if (faults.length > 0) {
      return refused(...faults);
    }
    const now = this.#parts.clock();
    const signingSecret = newSecret(this.#parts.randomBytes);
    const origin = { createdAt: now, createdBy: plainText(actor, ACTOR_LENGTH), updatedAt: now };
    const bare = { ...settings, id: `wh_${this.#parts.newId()}`, ...origin, disabledFor: null };
    const secrets = [{ secret: signingSecret, until: null }];
    const webhook = this.#withConfidential(bare, { url, secrets });
    const saved = await this.#parts.webhooks.insert(webhook, this.#parts.limits.webhooks);
    return saved === 'saved'
      ? done({ webhook: publicOf(webhook), signingSecret })
      : refused(this.#saveFault(saved));
  }

  /** Faults: NOT_FOUND, INVALID, FORBIDDEN_TARGET, CONFLICT, TOO_MANY secrets at once. */
  async update(id: string, patch: WebhookPatch): Promise<Outcome<SavedWebhook>> {
    const targetFaults = patch.url === undefined ? [] : await this.#targetFaults(patch.url);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.#parts.webhooks.find(id);
      if (before === undefined) {
        return refused(notFound(['id']));
      }
      const planned = this.#patched(before, patch, targetFaults);
      if (!planned.ok) {
        return planned;
      }
      const { webhook, signingSecret } = planned.value;
      const saved = await this.#parts.webhooks.replace(before, webhook);
      if (saved !== 'changed') {
        return saved === 'saved'
          ? done({ webhook: publicOf(webhook), signingSecret })
          : refused(this.#saveFault(saved));
      }
    }
    throw contended();
  }

  /** The webhook is gone at once, and its deliveries with it. Fault: NOT_FOUND. */
  async delete(id: string): Promise<Outcome<string>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const webhook = await this.#parts.webhooks.find(id);
      if (webhook === undefined) {
        return refused(notFound(['id']));
      }
      if ((await this.#parts.webhooks.remove(webhook)) === 'saved') {
        return done(id);
      }
    }
    throw contended();
  }

  /** The receiver has said that it is gone for good: nothing more is sent there. */
  async disableGone(id: string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.#parts.webhooks.find(id);
      if (before === undefined || !before.enabled) {
        return;
      }
      const updatedAt = this.#parts.clock();
      const after: StoredWebhook = { ...before, enabled: false, disabledFor: 'gone', updatedAt };
      if ((await this.#parts.webhooks.replace(before, after)) === 'saved') {
        return;
      }
    }
    throw contended();
  }

  async find(id: string): Promise<Webhook | undefined> {
    const webhook = await this.#parts.webhooks.find(id);
    return webhook === undefined ? undefined : publicOf(webhook);
  }

  /** All of them, in the order of creation. */
  async list(): Promise<readonly Webhook[]> {
    return (await this.#parts.webhooks.all()).map(publicOf);
  }

  /** How they went lately, in the order asked. */
  async statuses(ids: readonly string[]): Promise<readonly WebhookStatus[]> {
    return this.#parts.webhooks.statuses(ids);
  }

  #patched(
    before: StoredWebhook,
    patch: WebhookPatch,
    targetFaults: readonly WebhookFault[],
  ): Outcome<{ readonly webhook: StoredWebhook; readonly signingSecret: string | null }> {
    const { name = before.name, enabled = before.enabled } = patch;
    const { watchlistIds = before.watchlistIds } = patch;
    const settings = this.#tidy({ name, format: before.format, enabled, watchlistIds });
    const faults = [...this.#faults(settings), ...targetFaults];
    if (faults.length > 0) {
      return refused(...faults);
    }
    const now = this.#parts.clock();
    const held = this.#confidential(before);
    const signingSecret = patch.rotateSecret === true ? newSecret(this.#parts.randomBytes) : null;
    const secrets =
      signingSecret === null ? held.secrets : rotated(held.secrets, signingSecret, now);
    if (secrets === undefined) {
      const message = `${MOST_SECRETS} secrets sign already; the oldest ends within 24 hours`;
      return refused(fault('TOO_MANY', ['rotateSecret'], message));
    }
    const disabledFor = enabled ? null : before.disabledFor;
    const bare = { ...publicOf(before), ...settings, disabledFor, updatedAt: now };
    const webhook = this.#withConfidential(bare, { url: patch.url ?? held.url, secrets });
    return done({ webhook, signingSecret });
  }

  #withConfidential(
    bare: Omit<StoredWebhook, 'sealed' | 'shownUrl'>,
    confidential: Confidential,
  ): StoredWebhook {
    const sealed = this.#parts.sealer.seal(JSON.stringify(confidential), bare.id);
    return { ...bare, shownUrl: shownUrl(confidential.url, bare.format), sealed };
  }

  #confidential(webhook: StoredWebhook): Confidential {
    return openConfidential(this.#parts.sealer, webhook);
  }

  #tidy(settings: WebhookSettings): WebhookSettings {
    return tidySettings(settings, this.#parts.limits);
  }

  #faults(settings: WebhookSettings): WebhookFault[] {
    return settingsFaults(settings, this.#parts.limits);
  }

  async #targetFaults(url: string): Promise<WebhookFault[]> {
    const wrong = await this.#parts.guard.judge(url);
    return wrong === undefined ? [] : [wrong];
  }

  #saveFault(saved: Exclude<WebhookSaved, 'saved'>): WebhookFault {
    switch (saved) {
      case 'taken':
        return fault('CONFLICT', ['name'], 'is the name of another webhook');
      case 'full':
        return fault('TOO_MANY', [], `there are ${this.#parts.limits.webhooks} webhooks already`);
      case 'changed':
        return fault('CONFLICT', [], 'is there already');
    }
  }
}

/** What a webhook keeps sealed. @throws WebhookError `unsealable` */
export function openConfidential(sealer: Sealer, { id, sealed }: StoredWebhook): Confidential {
  return JSON.parse(sealer.open(sealed, id)) as Confidential;
}

export function notFound(field: readonly string[]): WebhookFault {
  return fault('NOT_FOUND', field, 'is not there');
}

function publicOf(webhook: StoredWebhook): Webhook {
  const { id, name, format, enabled, watchlistIds, shownUrl: url, disabledFor } = webhook;
  const { createdAt, createdBy, updatedAt } = webhook;
  const past = { createdAt, createdBy, updatedAt };
  return { id, name, format, enabled, watchlistIds, shownUrl: url, disabledFor, ...past };
}

function contended(): WebhookError {
  return new WebhookError('contended', 'A webhook kept changing while it was changed');
}
