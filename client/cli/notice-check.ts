import type { InputProblem } from '../../contract/errors.js';
import { didYouMean } from '../../contract/misspellings.js';
import type { NoticesFile } from '../../notice-routes/notices-file.js';
import { readTargetSecret, secretsOfTarget } from '../../notice-routes/opened.js';
import { loadSecretSources } from '../../settings/client.js';
import { signingSecretProblem } from '../../settings/signing-secret.js';
import { loadSourcesPath } from '../../settings/sources.js';
import { createSecretReader, isPlaceKnown } from '../../vault/index.js';
import { loadSources } from './event-files.js';
import { findings, findingsOfClouds, mergeFindings, type FileFindings } from './findings.js';

/** What is wrong with the secrets, clouds and sources that `notices.json` names. */
export async function findingsOfNotices(file: NoticesFile): Promise<FileFindings> {
  return mergeFindings(await findingsOfSecrets(file), findingsOfClouds(cloudsIn(file)), await findingsOfNames(file));
}

/** A place that is not configured here is no problem: the worker may have it. */
async function findingsOfSecrets({ targets }: NoticesFile): Promise<FileFindings> {
  const places = loadSecretSources();
  const readSecret = createSecretReader(places, 'machine');
  const [problems, unchecked]: [InputProblem[], InputProblem[]] = [[], []];
  const named = Object.entries(targets).flatMap(([name, one]) => secretsOfTarget(name, one, signingSecretProblem));
  for (const one of named) {
    const read = await readTargetSecret(one, readSecret);
    if (!('problem' in read)) continue;
    const { path, message } = read.problem;
    const list = isPlaceKnown(one.reference, places) ? problems : unchecked;
    list.push({ path, message: `${message}; the worker needs it` });
  }
  return findings({ problems, unchecked });
}

function cloudsIn({ routes }: NoticesFile): Map<string, string> {
  return new Map(
    routes.flatMap(({ when }, route) =>
      (when.clouds ?? []).map((cloud, nth) => [`routes.${route}.when.clouds.${nth}`, cloud] as const),
    ),
  );
}

/** A route for a source that does not exist is of no use, and harms nothing. */
async function findingsOfNames({ routes }: NoticesFile): Promise<FileFindings> {
  const named = routes.flatMap(({ when }, route) =>
    (when.sources ?? []).map((source, nth) => ({ path: `routes.${route}.when.sources.${nth}`, source })),
  );
  if (named.length === 0) return findings();
  if (loadSourcesPath() === undefined) {
    const message = 'TENANTRY_SOURCES is not set here';
    return findings({ unchecked: named.map(({ path }) => ({ path, message })) });
  }
  const known = Object.keys((await loadSources()).content);
  const warnings = named
    .filter(({ source }) => !known.includes(source))
    .map(({ path, source }) => ({
      path,
      message: `sources.json has no source ${source}${didYouMean(source, known)}`,
      remedy: `Known are ${known.join(', ')}.`,
    }));
  return findings({ warnings });
}
