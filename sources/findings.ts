import { problemsOfFact } from '../catalogue/facts.js';
import type { InputProblem } from '../contract/errors.js';
import type { Fact } from '../contract/facts.js';
import type { ObjectChange } from '../contract/source-objects.js';
import type { Reading } from './kind.js';
import type { Source } from './sources-file.js';

/** What several readings say, taken together. */
export interface EventFindings {
  facts: Fact[];
  /** What has changed without saying how. */
  changes: ObjectChange[];
  /** Why events are ignored. */
  reasons: string[];
  /** What somebody should know. */
  notices: string[];
  problems: InputProblem[];
  /** Whether an event belongs to the other mode of the sender. */
  otherMode: boolean;
}

/** Sorts readings. An event of the other mode changes nothing, whatever it says. */
export function findingsOf(readings: readonly Reading[], { mode }: Pick<Source, 'mode'>): EventFindings {
  const findings: EventFindings = { facts: [], changes: [], reasons: [], notices: [], problems: [], otherMode: false };
  for (const reading of readings)
    if (reading.live === (mode === 'live')) add(reading, findings);
    else {
      findings.otherMode = true;
      findings.reasons.push(`${reading.live ? 'a live' : 'a test'} event, and the mode of this source is ${mode}`);
    }
  return findings;
}

function add(reading: Reading, { facts, changes, reasons, notices, problems }: EventFindings): void {
  switch (reading.says) {
    case 'facts':
      for (const fact of reading.facts) {
        const found = problemsOfFact(fact);
        if (found.length === 0) facts.push(fact);
        problems.push(...found);
      }
      break;
    case 'changed':
      changes.push({ object: reading.object, event: { id: reading.id, type: reading.type } });
      break;
    case 'notice':
      reasons.push(reading.text);
      notices.push(reading.text);
      break;
    case 'nothing':
      reasons.push(reading.why);
      break;
    case 'incomplete':
      problems.push(...reading.problems);
  }
}
