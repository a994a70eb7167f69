import { allSettings, comesFromFile } from './config.js';
import type { ConfigFault, Setting } from './setting.js';

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a text file or throws; its error's `code` is shown, its message is not. */
export type ReadFile = (path: string) => string;

export interface SettingTexts {
  /** The text in effect by variable name, defaults included; an unset optional has none. */
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
}

/** Finds each setting's text: from its variable, its file, another variable or its default. */
export function settingTexts(env: Environment, readFile: ReadFile): SettingTexts {
  const texts = new Map<string, string>();
  const faults: ConfigFault[] = [];
  for (const setting of allSettings()) {
    const given = givenText(setting, env, readFile);
    const text = given.text ?? inheritedText(setting, texts, given.fault);
    if (given.fault) {
      faults.push(given.fault);
    }
    if (text !== undefined) {
      texts.set(setting.name, text);
    }
  }
  return { texts, faults };
}

interface GivenText {
  readonly text?: string;
  readonly fault?: ConfigFault;
}

/** Without a default where a fault was found: the variable was set, so no other text speaks for it. */
function inheritedText(
  setting: Setting<unknown>,
  texts: ReadonlyMap<string, string>,
  fault: ConfigFault | undefined,
): string | undefined {
  if (fault) {
    return undefined;
  }
  return setting.sameAs === undefined ? setting.defaultText : texts.get(setting.sameAs);
}

function givenText(setting: Setting<unknown>, env: Environment, readFile: ReadFile): GivenText {
  const variable = env[setting.name];
  const path = comesFromFile(setting) ? env[`${setting.name}_FILE`] : undefined;
  if (!path) {
    return fromVariable(setting, variable);
  }
  if (variable) {
    const problem = `is set together with ${setting.name}; keep one of the two`;
    return { fault: fileFault(setting, problem) };
  }
  return fromFile(setting, path, readFile);
}

function fromVariable(setting: Setting<unknown>, variable: string | undefined): GivenText {
  const text = setting.secret ? variable : variable?.trim();
  return text === undefined || (text === '' && !setting.emptyIsValue) ? {} : { text };
}

function fromFile(setting: Setting<unknown>, path: string, readFile: ReadFile): GivenText {
  try {
    // Editors and secret stores end a file with a newline that nobody means.
    const text = readFile(path).replace(/[\r\n]+$/, '');
    return text === '' ? { fault: fileFault(setting, `is an empty file: ${path}`) } : { text };
  } catch (error) {
    return { fault: fileFault(setting, `cannot read ${path}${reason(error)}`) };
  }
}

function fileFault(setting: Setting<unknown>, problem: string): ConfigFault {
  const example = `/run/secrets/${setting.name.toLowerCase()}`;
  return { name: `${setting.name}_FILE`, problem, example };
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
