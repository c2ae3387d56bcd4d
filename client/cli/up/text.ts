import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsBesides } from '../../../settings/trying.js';
import type { TryingFolder } from './folder.js';
import type { Installation } from './installation.js';

const order = fileURLToPath(new URL('../../../../examples/provisionCustomer.json', import.meta.url));

/** A command that can be typed in this folder at once. */
export function exampleCommand(): string {
  return `npx tenantry run provisionCustomer --input ${fromHere(order)}`;
}

/** The few lines that a person needs. */
export function installationText(installation: Installation, folder: TryingFolder): string {
  const { page, gateway, temporalUi, simulator, environment } = installation;
  const places = [
    ['The page', page, 'the link works once'],
    ['HTTP API', `${gateway}/docs`, `its key is in ${folder.key()}`],
    ['Temporal', temporalUi, 'every run, step by step'],
    ['Acronis', simulator, 'simulated; nothing here calls a real cloud'],
  ] as const;
  return [
    ...places.map(([name, address, more]) => `${name}  ${address}  (${more})`),
    '',
    'In a second terminal, in this folder:',
    '',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    exampleCommand(),
    '',
    ...besides(Object.keys(environment)),
    folder.isKept
      ? `Everything is kept in ${folder.path}. Ctrl-C stops everything.`
      : `Everything is in ${folder.path}. Ctrl-C stops everything and removes that folder; --folder NAME keeps it.`,
  ].join('\n');
}

/** Said at the end. */
export function stoppedText(folder: TryingFolder): string {
  return folder.isKept
    ? `Everything is stopped. "npx tenantry up --folder ${fromHere(folder.path)}" goes on from here.`
    : `Everything is stopped, and ${folder.path} is removed.`;
}

function besides(names: readonly string[]): string[] {
  const others = settingsBesides(names);
  return others.length === 0
    ? []
    : [`Not used here, but by the second terminal, unless you unset them: ${others.join(', ')}.`, ''];
}

/** As a person in the current folder would type it. */
function fromHere(path: string): string {
  const short = relative('', path);
  return quoted(short.startsWith('..') ? path : short);
}

function quoted(value: string): string {
  return /^[\w./:@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
