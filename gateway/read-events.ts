import { problemsOfFact } from '../catalogue/facts.js';
import type { InputProblem } from '../contract/errors.js';
import type { Fact } from '../contract/facts.js';
import type { EventFacts, Reading } from '../sources/kind.js';
import { ignoreChanged } from './changed-objects.js';
import type { ReadySource } from './ready-sources.js';

/** What the events of one delivery say, taken together. */
export interface Findings {
  facts: Fact[];
  /** Why events are ignored. */
  reasons: string[];
  /** What somebody should know. */
  notices: string[];
  problems: InputProblem[];
  /** Whether an event belongs to the other mode of the sender. */
  otherMode: boolean;
}

/** Sorts the readings of one delivery. An event of the other mode changes nothing, whatever it says. */
export function findingsOf(readings: readonly Reading[], { mode }: Pick<ReadySource, 'mode'>): Findings {
  const findings: Findings = { facts: [], reasons: [], notices: [], problems: [], otherMode: false };
  for (const reading of readings)
    if (reading.live === (mode === 'live')) add(reading, findings);
    else {
      findings.otherMode = true;
      findings.reasons.push(`${reading.live ? 'a live' : 'a test'} event, and the mode of this source is ${mode}`);
    }
  if (readings.length === 0) findings.reasons.push('the delivery holds no event');
  return findings;
}

function add(reading: Reading, { facts, reasons, notices, problems }: Findings): void {
  switch (reading.says) {
    case 'facts':
      for (const fact of reading.facts) {
        const found = problemsOfFact(fact);
        if (found.length === 0) facts.push(fact);
        problems.push(...found);
      }
      break;
    case 'changed':
      reasons.push(ignoreChanged(reading));
      notices.push(ignoreChanged(reading));
      break;
    case 'notice':
      reasons.push(reading.text);
      notices.push(reading.text);
      break;
    case 'nothing':
      reasons.push(reading.why);
      break;
    default:
      problems.push(...reading.problems);
  }
}

/** The ids and the types of the events, for the log. */
export function logFields(events: readonly EventFacts[]): { event?: string; type?: string } {
  if (events.length === 0) return {};
  const list = (values: string[]) => [...new Set(values)].join(' ').slice(0, LONGEST);
  return { event: list(events.map(({ id }) => id)), type: list(events.map(({ type }) => type)) };
}

const LONGEST = 300;
