/** A change that chance has made and that no test can notice, because the product still does the same. */
export interface Harmless {
  file: string;
  /** The line of the source, without its indentation. */
  line: string;
  /** What the change is called in the output. */
  change: string;
  reason: string;
}

export const harmless: readonly Harmless[] = [
  {
    file: 'activities/token-lifetime.ts',
    line: 'const numbers = Math.floor(Math.min(orderedSeconds / LARGEST_PART, MOST_SECONDS) / STEP_SECONDS);',
    change:
      'swapped argument: orderedSeconds / LARGEST_PART, MOST_SECONDS → MOST_SECONDS, orderedSeconds / LARGEST_PART',
    reason: 'the smaller of two numbers is the same in either order',
  },
  {
    file: 'workflows/turn-queue/workflow.ts',
    line: 'return continueAsNewSuggested || historyLength > MAX_EVENTS;',
    change: 'comparison: > → >=',
    reason: 'a queue may start its next history one event earlier',
  },
];
