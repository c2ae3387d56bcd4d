import type { ClientSettings } from '../../../settings/client.js';
import { loadSystem, problemsInProduction } from '../../../settings/diagnosis.js';
import { describeProxies } from '../../../settings/proxy.js';
import { unknownSettingsText } from '../../../settings/names.js';
import { forChannels, type NoticeSettings } from '../../../settings/notices.js';
import { ok, skipped, warn, type Check } from './check.js';

/** Which system this is, where notices go, and what is doubtful about the settings themselves. */
export function checkSystem(atWorker: boolean): Check[] {
  const { name, isProduction, notices, noticesFile, actorKeys } = loadSystem();
  return [
    checkName(name, isProduction),
    atWorker
      ? ok('notices', `go to ${placesOf(notices, noticesFile).join(', ')}`)
      : skipped('notices', 'no cloud is configured here; run doctor where the worker runs'),
    ok('actors', actorsText(actorKeys)),
    ok('proxy', describeProxies() ?? 'none: every address is reached directly'),
    ...(isProduction ? [] : checkForProduction()),
  ];
}

function actorsText(keys: ReturnType<typeof loadSystem>['actorKeys']): string {
  if (keys === undefined) return 'no decision has a verified actor, because TENANTRY_ACTOR_KEYS is not set';
  return `who decides by the HTTP API or the page is verified, with the keys ${keys.ids.join(', ')}`;
}

/** Whether variables that look like settings have the name of one. */
export function checkNames(): Check {
  const unknown = unknownSettingsText();
  if (unknown === undefined) return ok('names of settings', 'none is misspelt');
  return warn('names of settings', unknown, 'Correct the name, or remove it. docs/settings.md lists every setting.');
}

export function checkEncryption({ keys }: Pick<ClientSettings, 'keys'>): Check {
  const off = 'off, because TENANTRY_CODEC_KEYS is not set: whoever reads Temporal can read every run';
  return ok('encryption', keys === undefined ? off : `on, with the key ${keys.current.id}`);
}

function checkName(name: string, isProduction: boolean): Check {
  if (isProduction) return ok('system', 'production: what is unsafe is refused');
  const message = `${name} (TENANTRY_ENV), which is not production`;
  if (!/^(prod|prd|live)/.test(name)) return ok('system', message);
  const remedy =
    'Only the name "production" refuses unsafe settings. Keep yours if runs have been made with it: it is in every mark.';
  return warn('system', message, remedy);
}

/** The path of a webhook can be a secret, and so can the login of a mail server. */
function placesOf(notices: NoticeSettings, file: string | undefined): string[] {
  const places = forChannels(notices, {
    webhook: ({ url }) => `the webhook at ${new URL(url).host}`,
    mail: ({ to, smtp }) => `${to} by ${new URL(smtp).host}`,
  });
  return ["the worker's log", ...places, ...(file === undefined ? [] : [`the targets of ${file}`])];
}

/** That keys are missing is said elsewhere. */
function checkForProduction(): Check[] {
  return problemsInProduction()
    .filter(({ path, message }) => !(path === 'TENANTRY_CODEC_KEYS' && message.startsWith('is missing')))
    .map(({ path, message }) => warn('safety', `${path}: ${message}`, 'Production refuses this setting.'));
}
