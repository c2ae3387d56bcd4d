import { closestMatch } from 'leven';
import { MAX_TYPOS } from '../contract/misspellings.js';
import { commandLineSchema } from './client.js';
import { engineSchema } from './engine.js';
import { gatewaySchema } from './gateway.js';
import { fileVariable, isNamed, readEnvFile, variablesOf, type Environment, type ProcessSchema } from './reader.js';
import { workerSchema } from './worker.js';

/** The programs that read settings. */
export const processes: readonly (readonly [name: string, schema: ProcessSchema])[] = [
  ['the worker', workerSchema],
  ['the gateway', gatewaySchema],
  ['the command line', commandLineSchema],
  ['the embedded engine', engineSchema],
];

export const groups = [...new Set(processes.flatMap(([, schema]) => Object.values(schema.shape)))];

/** Read by Temporal's own clients; nothing here needs them. */
const ofTemporalOnly = ['TEMPORAL_CODEC_ENDPOINT', 'TEMPORAL_CODEC_AUTH'];
/** Kubernetes sets such variables for a service that is called "tenantry". */
const ofKubernetes = /_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP).*)?$/;
const OUR_PREFIX = 'TENANTRY_';

/** The name of every setting, and of the variables that name files. */
export function settingNames(): string[] {
  return groups.flatMap(variablesOf).flatMap(([name, , { file }]) => (file ? [name, fileVariable(name)] : [name]));
}

/** A variable that looks like a setting and is none. */
export interface UnknownSetting {
  name: string;
  in: 'the environment' | '.env';
  /** The setting with the most similar name, if one is similar. */
  meant: string | undefined;
}

/**
 * The variables that nothing reads although somebody meant them for this program: all that begin with `TENANTRY_`, and
 * those with nearly the name of a setting.
 */
export function unknownSettings(
  environment: Environment = process.env,
  envFile: Environment = readEnvFile(),
): UnknownSetting[] {
  const isUnknown = judge(environment['KUBERNETES_SERVICE_HOST'] !== undefined);
  return [
    ...isUnknown(environment).map((one) => ({ ...one, in: 'the environment' as const })),
    ...isUnknown(envFile).map((one) => ({ ...one, in: '.env' as const })),
  ];
}

/** One sentence about the unknown settings here; undefined when there are none. */
export function unknownSettingsText(unknown = unknownSettings()): string | undefined {
  if (unknown.length === 0) return undefined;
  const named = unknown.map(({ name, in: place, meant }) => {
    const where = place === '.env' ? ' in .env' : '';
    return `${name}${where}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
  });
  return `Ignored, because there is no such setting: ${named.join(', ')}.`;
}

function judge(inKubernetes: boolean) {
  const names = [...settingNames(), ...ofTemporalOnly];
  const similar = names.filter((name) => /^(TENANTRY|TEMPORAL|ACRONIS)_/.test(name));
  const isKnown = (variable: string) => names.some((name) => isNamed(variable, name));
  return (variables: Environment) =>
    Object.keys(variables).flatMap((name) => {
      if (!variables[name] || isKnown(name)) return [];
      const meant = closestMatch(name.toUpperCase(), similar, { maxDistance: MAX_TYPOS });
      const isOurs = name.startsWith(OUR_PREFIX) && !(inKubernetes && ofKubernetes.test(name));
      return isOurs || meant !== undefined ? [{ name, meant }] : [];
    });
}
