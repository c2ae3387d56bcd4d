import type { Many } from './each.js';
import type { FirstUser } from './first-users.js';
import type { StatusBoard } from './status-board.js';
import type { UndoName, UndoTelling } from './undos.js';

export interface Telling {
  summary: string;
  /** What the step is called in this run, where one activity does several steps. */
  as?: string;
}

export interface StepTelling<U extends UndoName> extends Telling {
  undo?: UndoTelling<U>;
  /** The user that it makes goes with what an earlier step has made. */
  firstUser?: FirstUser;
}

export type EachTelling = Omit<Many, 'members'> & Required<Telling>;

export interface Wait extends Pick<Telling, 'summary'> {
  /** Ends when the wait is over; answers why the run is to be given up, if it is. */
  until(board: StatusBoard): Promise<string | undefined>;
}
