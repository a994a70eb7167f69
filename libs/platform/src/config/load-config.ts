import type { Config, DraftConfig, ProcessName } from './config.js';
import { SETTINGS } from './config.js';
import { unmetRequirements } from './requirements.js';
import { settingTexts, type Environment, type ReadFile } from './setting-texts.js';
import type { ConfigFault, Setting } from './setting.js';

export type ConfigResult =
  { readonly config: Config } | { readonly faults: readonly ConfigFault[] };

/**
 * Reads and validates the whole configuration; pure given its arguments, throws nothing.
 *
 * @returns the frozen configuration, or every fault at once, at most one per variable, in the order
 *   of the settings.
 */
export function loadConfig(
  process: ProcessName,
  env: Environment,
  readFile: ReadFile,
): ConfigResult {
  const { texts, faults: textFaults } = settingTexts(env, readFile);
  const faults = [...textFaults];
  const draft = parseAreas(texts, faults);
  const reported = new Set(faults.map(({ name }) => name.replace(/_FILE$/, '')));
  faults.push(...unmetRequirements(process, draft).filter(({ name }) => !reported.has(name)));
  // Without a fault every field that is not optional has been parsed by its own definition.
  return faults.length > 0 ? { faults } : { config: draft as Config };
}

function parseAreas(texts: ReadonlyMap<string, string>, faults: ConfigFault[]): DraftConfig {
  const areas = Object.entries(SETTINGS).map(([area, settings]) => [
    area,
    parseArea(Object.entries<Setting<unknown>>(settings), texts, faults),
  ]);
  // The mapped type of SETTINGS ties each area's fields to parsers of their types.
  return Object.freeze(Object.fromEntries(areas)) as DraftConfig;
}

function parseArea(
  settings: readonly (readonly [string, Setting<unknown>])[],
  texts: ReadonlyMap<string, string>,
  faults: ConfigFault[],
): object {
  const values: [string, unknown][] = [];
  for (const [key, setting] of settings) {
    const text = texts.get(setting.name);
    const parsed = text === undefined ? undefined : setting.parse(text);
    if (parsed && 'value' in parsed) {
      values.push([key, Array.isArray(parsed.value) ? Object.freeze(parsed.value) : parsed.value]);
    } else if (parsed && !isInherited(setting, texts)) {
      faults.push({ name: setting.name, problem: parsed.problem, example: setting.example });
    }
  }
  return Object.freeze(Object.fromEntries(values));
}

/** A text taken over from another variable is that variable's fault. */
function isInherited(
  { name, sameAs }: Setting<unknown>,
  texts: ReadonlyMap<string, string>,
): boolean {
  return sameAs !== undefined && texts.get(name) === texts.get(sameAs);
}
