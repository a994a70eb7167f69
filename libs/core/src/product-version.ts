import { readFileSync } from 'node:fs';

/** The product's version. package.json lies beside `apps/` and, in a build, beside `dist/`. */
export function productVersion(): string {
  for (const path of ['../../../package.json', '../../../../package.json']) {
    try {
      const { version } = JSON.parse(
        readFileSync(new URL(path, import.meta.url), 'utf8'),
      ) as Record<string, unknown>;
      if (typeof version === 'string') {
        return version;
      }
    } catch {
      // The other place, then.
    }
  }
  return '0.0.0';
}
