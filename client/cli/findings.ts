import type { InputProblem } from '../../contract/errors.js';
import { didYouMean } from '../../contract/misspellings.js';
import { hasClouds, loadClouds } from '../../settings/client.js';
import { unusable } from '../../settings/watched-file.js';
import { stderr } from './output.js';

/** What is wrong with a file that can be read, compared with what it names. */
export interface FileFindings {
  problems: InputProblem[];
  /** What does not prevent the use of the file. */
  warnings: Warning[];
  /** What only another machine can say, or another time. */
  unchecked: InputProblem[];
}

interface Warning extends InputProblem {
  remedy: string;
}

/** Several findings about one file, which is refused when there are problems. The rest is for people, on standard error. */
export function reportFindings(path: string, { problems, warnings, unchecked }: FileFindings): void {
  if (problems.length > 0) throw unusable(path, problems);
  for (const { path: at, message, remedy } of warnings) stderr(`! ${at}: ${message}. ${remedy}`);
  for (const { path: at, message } of unchecked) stderr(`– ${at} is not checked: ${message}`);
}

export function findings(some: Partial<FileFindings> = {}): FileFindings {
  return { problems: [], warnings: [], unchecked: [], ...some };
}

export function mergeFindings(...all: readonly FileFindings[]): FileFindings {
  return {
    problems: all.flatMap(({ problems }) => problems),
    warnings: all.flatMap(({ warnings }) => warnings),
    unchecked: all.flatMap(({ unchecked }) => unchecked),
  };
}

/** Whether clouds are configured here. They are given by the path of the field that names them. */
export function findingsOfClouds(named: ReadonlyMap<string, string>): FileFindings {
  if (named.size === 0) return findings();
  if (!hasClouds()) {
    const message = 'no cloud is configured here; check it where the worker runs';
    return findings({ unchecked: [...named.keys()].map((path) => ({ path, message })) });
  }
  const known = Object.keys(loadClouds().clouds);
  const unknown = [...named].filter(([, cloud]) => !known.includes(cloud));
  return findings({ problems: unknown.map(([path, cloud]) => ({ path, message: unknownCloud(cloud, known) })) });
}

function unknownCloud(cloud: string, known: readonly string[]): string {
  return `no cloud ${cloud} is configured here, only ${known.join(', ')}${didYouMean(cloud, known)}`;
}
