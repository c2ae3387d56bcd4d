/** The type of the workflow that reads the truth about objects of a sender that have changed. */
export const CHANGED_OBJECT_WORKFLOW = 'changedObject';
/** The signal that brings it changes: one argument, a list of `ObjectChange`. */
export const CHANGES_SIGNAL = 'changes';
/** The query for its status, a `ChangedObjectStatus`. */
export const CHANGED_OBJECT_QUERY = 'changedObject';

/** An object of a sender's system, such as a subscription or a deal. */
export interface SourceObject {
  type: string;
  /** The sender's own id. */
  id: string;
}

/** An event that says only that an object has changed. */
export interface ObjectChange {
  object: SourceObject;
  /** The sender's own id and type of the event. */
  event: { id: string; type: string };
}

/** What the workflow is started with. */
export interface ChangedObjectStart {
  /** The name in `sources.json`. */
  source: string;
}

/** What the truth about one object has led to. */
export interface TruthReport {
  /** The references of the customers that have it now. */
  customers: string[];
  /** Why somebody should look at it. */
  notices: string[];
  /** Why nothing was done. */
  ignored: string[];
}

/** The answer of the query. */
export interface ChangedObjectStatus {
  source: string;
  /** What is not read yet. While the sender's API does not answer, this lasts. */
  waiting: ObjectChange[];
  /** What was read, newest last. */
  done: (ObjectChange & TruthReport)[];
}
