import { actionOn, type Action, type ActionChoice } from './commands.js';

/** One line of text, with details below it and what can be done about it. */
export interface Note {
  text: string;
  details: readonly string[];
  actions: readonly Action[];
}

interface NoteParts {
  details?: readonly string[];
  /** The run that the actions are about. */
  id?: string;
  choices?: readonly ActionChoice[];
}

/** A line of text, with what can be done about the run of this id. */
export function note(text: string, { details = [], id = '', choices = [] }: NoteParts = {}): Note {
  return { text, details, actions: choices.map((choice) => actionOn(id, choice)) };
}
