import { allSettings, comesFromFile } from './config.js';
import { settingTexts, type Environment, type ReadFile } from './setting-texts.js';
import type { Setting } from './setting.js';

/** The configuration in effect as `NAME=value` lines, without any secret. */
export function redactedConfig(env: Environment, readFile: ReadFile): string[] {
  const { texts } = settingTexts(env, readFile);
  return allSettings().map(
    (setting) => `${setting.name}=${shown(setting, texts.get(setting.name))}`,
  );
}

/** Every secret text in effect, to be masked wherever it may turn up. */
export function secretTexts(env: Environment, readFile: ReadFile): string[] {
  const { texts } = settingTexts(env, readFile);
  return allSettings()
    .filter(({ secret }) => secret)
    .flatMap(({ name }) => texts.get(name) ?? []);
}

/** The rows of the README's table: variable, default, meaning. */
export function configurationTable(): string {
  const rows = allSettings().map(
    (setting) => `| \`${setting.name}\` | ${defaultCell(setting)} | ${meaning(setting)} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The text of `.env.example`: every setting with its default; an empty one is unset. */
export function envExample(): string {
  const blocks = allSettings().map((setting) =>
    [...comments(setting), `${setting.name}=${setting.defaultText ?? ''}`].join('\n'),
  );
  return `# Every setting with its default; an empty value counts as unset.\n\n${blocks.join('\n\n')}\n`;
}

function shown(setting: Setting<unknown>, text: string | undefined): string {
  if (setting.secret) {
    return text === undefined ? '[unset]' : '[set]';
  }
  return text === undefined ? '' : (setting.mask?.(text) ?? text);
}

function defaultCell({ defaultText, sameAs }: Setting<unknown>): string {
  const text = sameAs ?? defaultText;
  return text ? `\`${text}\`` : '–';
}

function meaning(setting: Setting<unknown>): string {
  const file = comesFromFile(setting) ? `; or the file named by \`${setting.name}_FILE\`` : '';
  return `${setting.description}${file}`.replaceAll('|', '\\|');
}

function comments(setting: Setting<unknown>): string[] {
  const lines = [`# ${meaning(setting).replaceAll('`', '')}.`];
  if (setting.sameAs !== undefined) {
    lines.push(`# Default: the same as ${setting.sameAs}.`);
  }
  if (!setting.defaultText) {
    lines.push(`# Example: ${setting.example}`);
  }
  return lines;
}
